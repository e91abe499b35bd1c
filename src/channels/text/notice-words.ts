/** The wording of notices in one language. Times and durations arrive formatted, names neutralised. */
export interface NoticeWords {
  silenceEnds(time: string, left: string): string;
  silenceEnded(firing: number): string;
  silenceSubject(what: string, comment: string): string;
  /** In a subject. */
  endsAt(time: string): string;
  endedFiring(firing: number): string;
  because(comment: string): string;
  hides(matchers: string): string;
  readonly nothingHidden: string;
  hiddenHeading(count: number): string;
  readonly silenceLink: string;
}
