/** Group robots: `webhook/send` and `webhook/upload_media`. */
import { checkRobotCard } from './cards.ts';
import type { Shown } from './content.ts';
import { checkImage, checkNews, strictText } from './content.ts';
import type { Answer } from './errors.ts';
import { ApiError } from './errors.ts';
import type { JsonObject } from './json.ts';
import { listAt, objectAt, textAt } from './json.ts';
import type { Call } from './request.ts';
import { bodyOf } from './request.ts';
import type { State } from './state.ts';
import { newId, nowMs, takeRoom } from './state.ts';

const textLimit = 2_048;
const markdownLimit = 4_096;
const mediaLifeMs = 3 * 86_400_000;
const maxBytes: Record<string, number> = { file: 20 * 1024 * 1024, voice: 2 * 1024 * 1024 };

/** `POST /cgi-bin/webhook/send?key=`: 20 messages a minute, no msgid, no recipients in the answer. */
export function sendRobotMessage(call: Call): Answer {
  const { state } = call;
  const key = robotOf(call);
  const body = bodyOf(call);
  const shown = checkContent(state, key, body);
  const room = takeRoom(state, `robot ${key}`, [{ ms: 60_000, max: state.limits.robotPerMinute }]);
  if (!room) throw new ApiError(45009);
  const msgtype = textAt(body, 'msgtype');
  state.messages.push({
    kind: 'robot',
    at: state.clock.now(),
    sender: key,
    to: [key],
    msgtype,
    ...shown,
    body,
    raw: call.raw.toString(),
    msgid: '',
    taskId: '',
    card: msgtype === 'template_card' ? objectAt(body, 'template_card') : null,
    replacedBy: null,
    recalled: false,
    mentions: mentionsOf(body, msgtype, shown.content),
  });
  return { errcode: 0, errmsg: 'ok' };
}

/** `POST /cgi-bin/webhook/upload_media?key=&type=file|voice`: multipart, field `media`; good for that robot, 3 days. */
export async function uploadRobotMedia(call: Call): Promise<Answer> {
  const { state, query } = call;
  const robot = robotOf(call);
  const type = query.get('type') ?? '';
  const limit = maxBytes[type];
  if (limit === undefined) throw new ApiError(40005, 'invalid media type');
  const file = await fileOf(call);
  if (file === null) throw new ApiError(40058, 'media data missing');
  if (file.size <= 5 || file.size > limit) throw new ApiError(40006, 'invalid media size');
  const mediaId = newId(32);
  const uploadedAt = nowMs(state);
  state.media.set(mediaId, { robot, type, fileName: file.name, bytes: file.size, goodUntil: uploadedAt + mediaLifeMs });
  return { errcode: 0, errmsg: 'ok', type, media_id: mediaId, created_at: String(Math.floor(uploadedAt / 1_000)) };
}

function robotOf({ state, query }: Call): string {
  const key = query.get('key');
  if (key === null || !state.robots.has(key)) throw new ApiError(93000);
  return key;
}

function checkContent(state: State, robot: string, body: JsonObject): Shown {
  const msgtype = textAt(body, 'msgtype');
  switch (msgtype) {
    case 'text':
      return strictText(body, msgtype, textLimit);
    case 'markdown':
    case 'markdown_v2':
      return strictText(body, msgtype, markdownLimit);
    case 'image':
      return checkImage(body);
    case 'news':
      return checkNews(body);
    case 'file':
    case 'voice':
      return checkMedia(state, robot, body, msgtype);
    case 'template_card':
      checkRobotCard(objectAt(body, 'template_card'));
      return { content: '', truncated: false };
    default:
      throw new ApiError(40008);
  }
}

function checkMedia(state: State, robot: string, body: JsonObject, msgtype: string): Shown {
  const media = state.media.get(textAt(objectAt(body, msgtype), 'media_id'));
  const good = media && media.robot === robot && media.type === msgtype && nowMs(state) < media.goodUntil;
  if (!good) throw new ApiError(40007);
  return { content: '', truncated: false };
}

/** mentioned_list works for text only; `<@userid>` in text and markdown, not in markdown_v2. */
function mentionsOf(body: JsonObject, msgtype: string, content: string): string[] {
  if (msgtype !== 'text' && msgtype !== 'markdown') return [];
  const inline = [...content.matchAll(/<@([^<>\s]+)>/g)].map((match) => match[1] ?? '');
  if (msgtype === 'markdown') return inline;
  const text = objectAt(body, 'text');
  return [...listAt(text, 'mentioned_list'), ...listAt(text, 'mentioned_mobile_list')].map(String).concat(inline);
}

async function fileOf({ raw, contentType }: Call): Promise<File | null> {
  try {
    const form = await new Response(Uint8Array.from(raw), { headers: { 'content-type': contentType } }).formData();
    const media = form.get('media');
    return media instanceof File ? media : null;
  } catch {
    return null;
  }
}
