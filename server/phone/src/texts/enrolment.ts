/** Texts of enrolling a phone, installing, wiping and scanning. */
export const ENROLMENT = {
  scanner_missing: [
    '扫码程序没有下载完。请联网打开一次应用再试。',
    'The scanner is not on this phone yet. Open the app once with a network and try again.',
  ],

  enrol: ['注册手机', 'Enrol this phone'],
  enrol_with_slip: ['有注册单的，不用密码', 'With a slip from the office, no password is needed'],
  enrol_scan: ['扫描注册单', 'Scan the slip'],
  enrol_paste: ['或粘贴注册链接、注册码', 'Or paste the link or the code'],
  enrol_go: ['注册', 'Enrol'],
  enrol_no_code: [
    '这不是注册链接或注册码，请核对后再试。',
    'This is neither an enrolment link nor a code. Please check it.',
  ],
  enrol_other_server: [
    '这个注册码属于另一台服务器（{host}）。请用手机浏览器打开该链接。',
    'This code belongs to another server ({host}). Please open the link in the browser.',
  ],
  enrol_needs_network: [
    '连不上服务器。注册需要网络，请到有信号的地方再试；注册码仍然有效。',
    'The server cannot be reached. Enrolling needs a network: please try where there is signal; the code stays good.',
  ],
  enrol_step_code: ['确认注册码', 'Checking the code'],
  enrol_step_lists: ['接收名册和表单目录', 'Receiving lists'],
  enrol_step_forms: ['接收表单', 'Receiving forms'],
  enrol_step_offline: ['准备断网使用', 'Getting ready for offline use'],
  enrol_n_received: ['{n} 条', '{n}'],
  enrol_n_forms: ['{n} / {all}', '{n} / {all}'],
  enrol_welcome: [
    '{name}，您好。请稍候，不要关闭页面。',
    'Hello, {name}. Please wait and keep this page open.',
  ],
  enrol_cut_short: [
    '注册成功，但内容没有收全。有网络时会自动继续。',
    'The phone is enrolled, but not everything has arrived; it goes on by itself when there is a network.',
  ],
  enrol_done: ['已可断网使用。', 'Ready for offline use.'],
  enrol_already: [
    '这部手机已注册给{name}。要换人使用，请先在“我的”中退出登录，再重新扫码。',
    'This phone is enrolled for {name}. To hand it over, sign out under Me, then scan again.',
  ],
  to_today: ['进入今日', 'Go to Today'],
  copy_link: ['复制注册链接', 'Copy the link'],
  link_copied: ['已复制', 'Copied'],

  install: ['安装到桌面', 'Install'],
  install_hint: ['像应用一样从桌面打开，内容不易被清除', 'Opens like an app; what it keeps is safer'],
  install_first: ['请先添加到主屏幕', 'Please add it to the home screen first'],
  install_why: [
    '苹果手机上，从主屏幕打开的领雁才能长期保存记录。',
    'On an iPhone only the app on the home screen keeps records for long.',
  ],
  install_share: ['点浏览器的“分享”按钮', 'Tap the browser’s Share button'],
  install_add: ['选“添加到主屏幕”', 'Choose “Add to Home Screen”'],
  install_open: [
    '从主屏幕打开领雁，扫描注册单，或粘贴复制的链接',
    'Open Lingyan from the home screen and scan your slip, or paste the copied link',
  ],

  wipe_title: ['管理员要求清除本机', 'The office asks to clear this phone'],
  wipe_why: [
    '名册、表单和已送达的记录将被清除。下面 {n} 条还没有送达，先为您保留。',
    'Lists, forms and sent records are to be cleared. Not arrived yet, and kept for you: {n}.',
  ],
  wipe_of_others: ['属于这部手机以前的使用人', 'Of somebody who used this phone before'],
  wipe_send: ['立即发送', 'Send now'],
  wipe_export_hint: [
    '不能发送的，请导出备份，交给办公室。',
    'What cannot be sent: save the rescue file and hand it to the office.',
  ],
  wipe_saved: ['我已确认备份文件保存好了', 'I have made sure that the rescue file is saved'],
  wipe_now: ['清除本机', 'Clear this phone'],
  wipe_sure: [
    '清除后，这 {n} 条只在备份文件里。确定吗？',
    'Afterwards they ({n}) are in the rescue file only. Go on?',
  ],
  wipe_changed: [
    '导出后又有新的内容，请再导出一次。',
    'Something changed since the file was saved. Please save it again.',
  ],
  wipe_done: [
    '本机已按管理员要求清除，没有留下名册和记录。',
    'This phone was cleared as the office asked; no lists or records are left.',
  ],
} satisfies Record<string, [string, string]>;
