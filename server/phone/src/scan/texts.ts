/** Texts of scanning; they come with the scanner, which is not part of the first load. */
import { language } from '../settings.ts';

const TEXTS = {
  scan_title: ['扫码', 'Scan'],
  scan_hint: ['将二维码放入框内，自动识别。', 'Hold the code inside the frame.'],
  camera_starting: ['正在打开摄像头…', 'Opening the camera…'],
  camera_refused: [
    '没有摄像头权限。请在浏览器或系统设置中允许本应用使用摄像头，再点“重试”；也可以选照片或输入卡号。',
    'The camera is not allowed. Allow it for this app in the settings of the browser or the phone and tap "Try again", or take "Picture" or "Number".',
  ],
  camera_missing: [
    '这台设备没有可用的摄像头。请选照片或输入卡号。',
    'There is no camera here. Take "Picture" or "Number".',
  ],
  camera_busy: [
    '摄像头正被其他应用使用，或没有启动。请关闭其他应用后点“重试”。',
    'The camera is in use by another app or did not start. Close other apps and tap "Try again".',
  ],
  camera_insecure: [
    '此地址不是安全连接（https），浏览器不允许使用摄像头。请选照片或输入卡号。',
    'This address is not secure (https), so the browser gives no camera. Take "Picture" or "Number".',
  ],
  try_again: ['重试', 'Try again'],
  torch_on: ['开灯', 'Light on'],
  torch_off: ['关灯', 'Light off'],
  choose_picture: ['选照片', 'Picture'],
  type_number: ['输入卡号', 'Number'],
  card_number: ['二维码下方的卡号，或户编号', 'The number under the code, or the household number'],
  look_up: ['查找', 'Look up'],
  number_unknown: [
    '本机没有这个号码。请核对后再输入。',
    'This phone knows no such number. Check it and type it again.',
  ],
  picture_without_code: [
    '照片里没有找到二维码。请拍得近一些、正一些，光线亮一些。',
    'No code was found in the picture. Take it nearer, straighter and in better light.',
  ],
  picture_unreadable: ['这个文件不是照片。', 'This file is no picture.'],
  card_good: ['有效', 'Valid'],
  card_bad: ['无效', 'Not valid'],
  door_card: ['门牌卡', 'Door card'],
  badge_card: ['胸牌', 'Badge'],
  open_row: ['打开', 'Open'],
  scan_next: ['继续扫码', 'Scan the next'],
  code_invalid: [
    '这个码无效。请扫描领雁打印的卡片。',
    'This code is not valid. Scan a card printed by Lingyan.',
  ],
  code_other_town: [
    '这是其他乡镇或单位的码，不能在这里使用。',
    "This code is another town's and does not count here.",
  ],
  code_other_purpose: ['这个码是作其他用途的。', 'This code is for another purpose.'],
  code_revoked: ['这张卡已作废，请使用新卡。', 'This card was taken back. Please use the new one.'],
  code_not_yet: [
    '这个码还没有生效。请核对手机的日期。',
    "This code doesn't count yet. Please check the phone's date.",
  ],
  code_expired: [
    '这个码已过期，请向镇办公室换领新卡。',
    'This code has expired. Ask the town office for a new card.',
  ],
  row_not_here: [
    '卡片有效，但本机没有这一户或这个人：可能不在您负责的范围，或名册还没有更新。请联网同步后再试。',
    'The card is valid, but its row is not on this phone: it may be outside your area, or the lists are old. Sync and try again.',
  ],
  keys_missing: [
    '本机还没有验证卡片的密钥。请先联网同步一次。',
    'This phone has no keys to check cards with yet. Please sync once with a network.',
  ],
  no_network: [
    '打开这个码需要网络。请到有信号的地方再扫。',
    'This code opens with a network only. Scan it again where there is signal.',
  ],
  other_server: [
    '这个码属于其他服务器（{host}），不能在这里使用。',
    'This code belongs to another server ({host}) and does not count here.',
  ],
  not_ours: ['这不是领雁的码。', 'This is no code of Lingyan.'],
} satisfies Record<string, [string, string]>;

export type ScanText = keyof typeof TEXTS;

export function ts(key: ScanText, values: Record<string, string> = {}): string {
  const text: string = TEXTS[key][language.value === 'zh' ? 0 : 1];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
