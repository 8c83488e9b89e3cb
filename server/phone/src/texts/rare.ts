/** Texts of the widgets that few forms use, which are loaded with those widgets. */
import { speaker } from '../speaking.ts';
import { FILLING } from './filling.ts';

const RARE = {
  ...FILLING,
  n_items: ['共 {n} 项', '{n} items'],
  form_language: ['表单语言', 'Language of the form'],
  language_default: ['默认', 'Default'],
  month: ['月', 'Month'],
  day: ['日', 'Day'],
  date_unfinished: ['日期没有填完整，暂未保存。', 'The date is not complete and is not kept yet.'],
  not_chosen: ['尚未选择', 'Not chosen yet'],
  n_stars: ['{n}星', '{n} stars'],
  rank_by_tapping: ['请按顺序点选，先点的排在前。', 'Tap in order, the first one first.'],
  rank_again: ['重新排序', 'Start over'],
  move_up: ['上移', 'Up'],
  move_down: ['下移', 'Down'],
  stop: ['停止', 'Stop'],
  start_recording: ['开始录音', 'Record'],
  stop_recording: ['停止并保存', 'Stop and keep'],
  microphone_refused: [
    '没有麦克风权限。请在系统设置中允许，或选择录音文件。',
    'The microphone is not allowed. Allow it in the system settings, or choose a recording.',
  ],
  microphone_missing: [
    '没有可用的麦克风。请选择录音文件。',
    'There is no microphone to use. Please choose a recording.',
  ],
  sign_here: ['请在框内签名', 'Please sign in the box'],
  sign_again: ['重签', 'Sign again'],
  use_signature: ['确认签名', 'Use signature'],
  draw_here: ['请在框内画图', 'Please draw in the box'],
  draw_again: ['重画', 'Draw again'],
  use_drawing: ['确认', 'Use drawing'],
  colour_n: ['颜色{n}', 'Colour {n}'],
  scan_or_type: [
    '识别不了时，请关闭后直接输入号码。',
    'If the code cannot be read, close this and type its number.',
  ],
  locate: ['定位', 'Get position'],
  locate_again: ['重新定位', 'Get it again'],
  locating_hint: ['正在定位，请在开阔处稍等…', 'Looking for the position. Please wait in the open…'],
  stop_locating: ['用当前结果', 'Use this'],
  accuracy_now: ['当前误差约{m}米', 'Accurate to {m} m now'],
  accuracy_poor: [
    '误差约{m}米，须在{rough}米以内才能记点，请稍等或移到开阔处。',
    'Accurate to {m} m only; {rough} m are needed. Please wait, or move into the open.',
  ],
  position_rough: [
    '误差超过{m}米，请到开阔处重新定位。',
    'It may be more than {m} m off. Please get it again in the open.',
  ],
  locate_denied: [
    '没有定位权限。请在系统设置中允许，或不填此项。',
    'Position is not allowed. Allow it in the system settings, or leave this empty.',
  ],
  locate_failed: ['没有定位成功，请到开阔处再试。', 'No position found. Please try in the open.'],
  trace_start: ['开始记录', 'Begin'],
  trace_go_on: ['继续记录', 'Go on'],
  trace_finish: ['结束记录', 'Finish'],
  trace_every: ['记点方式', 'Add points'],
  trace_by_tapping: ['手动记点', 'by tapping'],
  trace_seconds: ['每{s}秒自动记点', 'every {s} s'],
  trace_clear_sure: ['确定清除全部点吗？', 'Clear all points?'],
  add_point: ['记下这一点', 'Add this point'],
  undo_point: ['撤销上一点', 'Undo last point'],
  points_missing: ['还需{n}个点', '{n} more points needed'],
  enlarge: ['放大', 'Enlarge'],
  listen: ['播放', 'Listen'],
  media_missing: ['（缺少文件{name}）', '(file {name} is missing)'],
} satisfies Record<string, [string, string]>;

export type RareText = keyof typeof RARE;

export const t = speaker(RARE);
