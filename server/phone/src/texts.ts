/** Every text of the app's pages in Chinese and English; the texts of forms come with the forms. */
import { isPast, shortDate } from './days.ts';
import { language } from './settings.ts';
import { speaker } from './speaking.ts';
import { ENROLMENT } from './texts/enrolment.ts';
import { EVENTS } from './texts/events.ts';
import { PAIRING_WORDS, PAIRINGS } from './texts/pairings.ts';
import { REMINDERS } from './texts/reminders.ts';
import { FILLING } from './texts/filling.ts';
import type { Post } from './wire.ts';

const TEXTS = {
  ...FILLING,
  ...ENROLMENT,
  ...PAIRINGS,
  ...REMINDERS,
  ...EVENTS,
  app_name: ['领雁', 'Lingyan'],
  tagline: ['乡村入户核查与企业走访', 'Household checks and enterprise visits'],

  username: ['用户名', 'User name'],
  password: ['密码', 'Password'],
  show_password: ['显示密码', 'Show password'],
  sign_in: ['登录', 'Sign in'],
  signing_in: ['正在登录…', 'Signing in…'],
  sign_in_needs_network: [
    '连不上服务器。第一次登录需要网络，请到有信号的地方再试。',
    'The server cannot be reached. The first sign-in needs a network: please try where there is signal.',
  ],
  sign_in_wrong: [
    '用户名或密码不对，请核对后再试。',
    'Wrong user name or password. Please check and try again.',
  ],
  wait_slowed: [
    '登录失败次数过多，暂停登录。请在{time}以后再试；已登录的手机不受影响。',
    'Too many failed sign-ins: signing in pauses. Please try again after {time}; phones that are signed in go on.',
  ],
  wait_locked: [
    '密码错误次数过多，账号暂时锁定。请在{time}以后再试，或请管理员重设密码。',
    'Too many wrong passwords: the account is locked. Please try again after {time}, or ask for a new password.',
  ],
  wait_codes: [
    '注册码错误次数过多。请在{time}以后再试。',
    'Too many wrong enrolment codes. Please try again after {time}.',
  ],
  sign_in_busy: ['服务器忙，请稍后再试。', 'The server is busy. Please try again shortly.'],
  session_ended: [
    '登录已过期。仍可继续填写；要发送请重新登录。',
    'Your session has ended. You can go on filling; sign in again to send.',
  ],
  sign_in_again: ['重新登录', 'Sign in again'],
  sign_out: ['退出登录', 'Sign out'],
  sign_out_refused: [
    '还有 {n} 条草稿或未送达的记录，不能退出。请先发送或删除。',
    '{n} drafts or unsent records are on this phone. Send or delete them before signing out.',
  ],

  returned_section: ['退回修改', 'Returned for correction'],
  drafts_section: ['草稿', 'Drafts'],
  start_section: ['开始填写', 'Start a form'],
  choose_first: ['先选择{list}', 'Starts from: {list}'],
  nothing_today: ['还没有表单。联网后会自动下载。', 'No forms yet. They are downloaded when you are online.'],
  due_on: ['{date}前改好', 'correct by {date}'],
  overdue_since: ['已逾期（{date}）', 'overdue ({date})'],
  correct: ['修改', 'Correct'],
  continue_correction: ['继续修改', 'Continue'],
  not_on_this_phone: [
    '这条记录不在本机上，有网络时会自动取回。请到有信号的地方再点一次。',
    'This record is not on this phone; it is fetched when there is a network. Please tap again where there is signal.',
  ],
  form_not_here: [
    '这张表还没有下载到手机，请联网后再打开。',
    'This form is not on the phone yet. Please open it once you are online.',
  ],

  synced_at: ['已同步 {time}', 'Synced {time}'],
  syncing: ['正在同步…', 'Syncing…'],
  never_synced: ['尚未同步', 'Not synced yet'],
  offline: ['没有网络，可继续填写', 'No network, you can go on filling'],
  n_unsent: ['{n} 条待发送', '{n} waiting to be sent'],
  overdue: [
    '有记录超过三天没有送达。请尽快到有网络的地方发送。',
    'Some records have waited for over three days. Please go where there is a network soon.',
  ],
  n_files_waiting: ['{n} 个照片或附件待传', '{n} photos or files waiting'],
  server_busy: ['服务器忙，稍后自动再试', 'Server busy, will try again'],
  sync_now: ['立即同步', 'Sync now'],
  sync_failed: ['同步没有成功', 'Sync did not succeed'],

  search_hint: ['姓名、拼音首字母、编号、电话', 'Name, pinyin initials, number, phone'],
  all_villages: ['全部村', 'All villages'],
  list_empty: [
    '名册还没有下载，联网后会自动更新。',
    'The list is not here yet. It comes when you are online.',
  ],
  not_sent_yet: ['本机新增，未送达', 'Added here, not sent'],
  row_unsent: [
    '本机新增，未送达。现在就可以继续填写，编号在送达后编发。',
    'Added on this phone and not sent yet. You can go on with it; its number is given on receipt.',
  ],
  last_facts: ['登记情况', 'On record'],
  show_all: ['全部显示', 'Show all'],
  row_gone: ['这一条已不在名册中。', 'This row is no longer in the list.'],

  open_elsewhere: [
    '这份草稿正在另一个窗口中填写。请在那里继续，或关闭那个窗口后再打开。',
    'This draft is open in another window. Go on there, or close that window first.',
  ],
  submit_title: ['填写完成', 'All filled'],
  submit_hint: [
    '提交后内容不能再改；办公室可以退回。没有网络也可以提交，有网络时自动发送。',
    'After submitting it cannot be changed, though the office can return it. It works without network and is sent later.',
  ],
  submit: ['提交', 'Submit'],
  submitting: ['正在保存…', 'Saving…'],
  saved_title: ['已保存', 'Saved'],
  saved_hint: [
    '已写入手机并核对无误，正等待发送。',
    'Written to this phone and verified. It waits to be sent.',
  ],
  saved_and_sent: ['已送达服务器。', 'It has reached the server.'],
  another: ['再填一份', 'Fill another'],
  go_outbox: ['看发件箱', 'Open outbox'],
  file_missing: [
    '有照片或附件在手机上找不到了，请重拍后再提交。',
    'A photo or file is no longer on the phone. Please take it again, then submit.',
  ],

  no: ['否', 'No'],

  state_draft: ['草稿', 'Draft'],
  state_waiting: ['待发送', 'Waiting'],
  state_sending: ['发送中', 'Sending'],
  state_failed: ['未被接收', 'Refused'],
  state_sent: ['已送达', 'Delivered'],
  state_files: ['已送达，附件待传', 'Delivered, files waiting'],
  state_office: ['已由办公室接收', 'With the office'],
  state_returned: ['退回修改', 'Returned'],
  state_edited: ['已修改待审', 'Correction received'],
  state_corrected: ['已更正', 'Corrected'],
  state_approved: ['审核通过', 'Approved'],
  state_rejected: ['不予通过', 'Rejected'],
  state_set_aside: ['重复，未采用', 'Set aside as a duplicate'],
  state_dismissed: ['办公室未采用', 'Not taken by the office'],
  state_withdrawn: ['已撤回', 'Withdrawn'],
  state_withdrawing: ['等待撤回', 'Withdrawing'],
  waits_village: ['等待村级初审', 'waiting for the village’s review'],
  waits_town: ['等待镇级审核', 'waiting for the town’s review'],
  waits_county: ['等待县级审批', 'waiting for the county’s approval'],
  passed_village: ['村级已通过', 'approved by the village'],
  passed_town: ['镇级已通过', 'approved by the town'],
  office_hint: [
    '记录已收到，由办公室人员处理，您不用再做什么。',
    'It was received and somebody at the office will decide. You need not do anything.',
  ],
  set_aside_hint: [
    '同一事项已有另一条记录，这条已搁置。如有不符，请联系镇办公室。',
    'There is another record of the same case, so this one was set aside. If that is wrong, please call the office.',
  ],
  dismissed_hint: [
    '这份内容没有采用，仍保存在手机和服务器上。如有不符，请联系镇办公室。',
    'This content was not taken; it stays on the phone and on the server. If that is wrong, please call the office.',
  ],
  outbox_empty: ['发件箱是空的。', 'The outbox is empty.'],
  needs_you: ['需要您处理', 'Needs you'],
  waiting_section: ['待发送', 'Waiting to be sent'],
  sent_section: ['已送达', 'Delivered'],
  what_to_do: ['怎么办：', 'What to do: '],
  withdraw: ['撤回', 'Withdraw'],
  withdraw_sure: [
    '撤回后办公室不再审核这条记录。确定撤回吗？',
    'The office will no longer review it. Withdraw?',
  ],
  withdraw_hint: ['联网后撤回；已开始审核的不能撤回。', 'Happens online, unless a review has begun.'],
  edit_again: ['改回草稿', 'Back to draft'],
  fix_and_resend: ['修改后再提交', 'Correct and submit'],
  try_again: ['再试一次', 'Try again'],
  receipt: ['回执', 'Receipt'],
  receipt_no: ['编号 {seq}', 'No. {seq}'],
  received_at: ['{time} 收到', 'received {time}'],
  filled_at: ['{time} 填写', 'filled {time}'],
  answers: ['填写内容', 'Answers'],
  open_draft: ['继续填写', 'Continue filling'],
  delete_draft: ['删除草稿', 'Delete draft'],
  draft_deleted: ['草稿已删除', 'Draft deleted'],
  not_found: ['没有找到这一页。', 'This page was not found.'],
  comment_whole: ['办公室意见：{text}', 'From the office: {text}'],
  was_replaced: ['已另存为新的草稿', 'Copied into a new draft'],

  language: ['语言', 'Language'],
  large_text: ['大字', 'Large text'],
  theme: ['深色', 'Dark'],
  theme_auto: ['跟随系统', 'As the system'],
  theme_light: ['浅色', 'Light'],
  theme_dark: ['深色', 'Dark'],
  storage: ['存储', 'Storage'],
  storage_kept: ['已受保护，系统不会清除', 'Protected from clearing'],
  storage_loose: [
    '未受保护：请把应用添加到主屏幕，不要清除浏览器数据',
    'Not protected: add the app to the home screen and do not clear browser data',
  ],
  storage_used: ['已用 {used} MB', '{used} MB used'],
  storage_nearly_full: ['手机存储快满了，请清理空间。', 'Storage is nearly full. Please free some space.'],
  device: ['本机编号', 'Device'],
  version: ['版本', 'Version'],
  rescue: ['导出备份', 'Rescue file'],
  rescue_hint: [
    '把本机全部记录存成一个文件。内含个人信息，请妥善保管，用后删除。',
    'Saves all records on this phone as one file. It holds personal data: keep it safe and delete it after use.',
  ],
  ready_offline: ['断网可用', 'Works offline'],
  not_ready_offline: ['尚未准备好断网使用', 'Not ready for offline use'],
  update_ready: ['有新版本', 'A new version is ready'],
  update_now: ['更新', 'Update'],
  store_closed: [
    '打不开手机上的存储。请关闭其他窗口后重新打开；不要清除浏览器数据。',
    'The store on this phone cannot be opened. Close other windows and open the app again; do not clear browser data.',
  ],
} satisfies Record<string, [string, string]>;

export type TextKey = keyof typeof TEXTS;

export const t = speaker(TEXTS);

/** What people call a list; a list that is not named here goes by its own name. */
const LISTS: Record<string, [string, string]> = {
  household: ['低收入户', 'Households'],
  member: ['家庭成员', 'Members'],
  business: ['经营主体', 'Businesses'],
  village: ['村', 'Villages'],
  villager_group: ['村民小组', "Villagers' groups"],
  person: ['人员', 'People'],
  pairing: ['结对', 'Pairings'],
  task: ['任务', 'Tasks'],
};

const ROLES: Record<string, [string, string]> = {
  field: ['帮扶责任人', 'Field cadre'],
  village_clerk: ['村会计', 'Village clerk'],
  village_head: ['村党组织书记', 'Village Party secretary'],
  town_office: ['镇业务办公室', 'Town office'],
  town_leader: ['镇分管领导', 'Town leader'],
  county: ['县级主管部门', 'County department'],
  admin: ['系统管理员', 'Administrator'],
  publisher: ['表单管理员', 'Form publisher'],
  auditor: ['督查员', 'Inspector'],
};

const named = (names: Record<string, [string, string]>, key: string): string =>
  names[key]?.[language.value === 'zh' ? 0 : 1] ?? key;

export const listName = (list: string): string => named(LISTS, list);
/** Each role once, however many places it is held at. */
export const pairingWord = (code: string): string => named(PAIRING_WORDS, code);
export const roleNames = (posts: Post[]): string =>
  [...new Set(posts.map(post => named(ROLES, post.role)))].join(language.value === 'zh' ? '、' : ', ');

/** Return the two halves of a problem in the language chosen. */
export function problemText(problem: {
  message_zh: string;
  message_en: string;
  fix_zh: string;
  fix_en: string;
}): { message: string; fix: string } {
  return language.value === 'zh'
    ? { message: problem.message_zh, fix: problem.fix_zh }
    : { message: problem.message_en, fix: problem.fix_en };
}

/** Say by when something must be done, and that this day has passed. `day` is an ISO date in the town's calendar. */
export function dueText(day: string, words: 'due_on' | 'due_by' = 'due_on'): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return t(isPast(day) ? 'overdue_since' : words, { date: shortDate(new Date(year, month - 1, date)) });
}
