/** How large one alert may be. Generous: an alert of a real Prometheus has one or two kilobytes. */
export interface ParseLimits {
  /** Names and values of all labels, in UTF-8; an alert with more is quarantined, since cutting would change it. */
  labelBytes: number;
  /** Names and values of all annotations, in UTF-8; what is over it is cut and marked. */
  annotationBytes: number;
  excerptBytes: number;
  /** Malformed alerts that are kept from one request; the last entry counts the others. */
  quarantined: number;
}

/** The limits unless told otherwise. */
export const defaultLimits: ParseLimits = {
  labelBytes: 65_536,
  annotationBytes: 262_144,
  excerptBytes: 1024,
  quarantined: 1000,
};
