/** Texts of pairings and tasks. */
export const PAIRINGS = {
  tasks: ['任务', 'Tasks'],
  tasks_of: ['任务：{task}（{n}项）', 'Task: {task} ({n})'],
  task_begun: ['草稿已开始', 'Begun as a draft'],
  due_by: ['{date}前', 'by {date}'],
  pairings_of: ['结对走访（本期未走访{n}，共{all}）', 'Pairings ({n} of {all} still to be contacted)'],
  all_pairings: ['全部结对', 'All pairings'],
  last_contact: ['上次走访 {day}', 'Last contact {day}'],
  never_met: ['还没有走访', 'No contact yet'],
  open_mentee: ['查看帮扶对象', 'Open the mentee'],
  pairing_kind: ['结对类型', 'Kind'],
  pairing_state: ['状态', 'State'],
  pairing_mentor: ['帮扶人', 'Mentor'],
  pairing_due: ['本期截止', 'Due'],
  pairing_last: ['上次走访', 'Last contact'],
  pairing_content: ['上次走访内容', 'What the last contact was about'],
  pairing_cadence: ['走访频次', 'Cadence'],
  pairing_goal: ['帮扶目标', 'Goal'],
  pairing_since: ['结对日期', 'Since'],
  pairing_until: ['计划结束', 'Planned end'],
  pairing_no: ['结对编号', 'Pairing no.'],
  each_month: ['每月{n}次', '{n} a month'],
  each_quarter: ['每季{n}次', '{n} a quarter'],
} satisfies Record<string, [string, string]>;

/** Words for the codes of a pairing's kind and state. */
export const PAIRING_WORDS: Record<string, [string, string]> = {
  hand_in_hand: ['牵手致富', 'Hand in hand to prosperity'],
  village_enterprise: ['村企结对', 'Village and enterprise'],
  cadre_member: ['干部带党员', 'A cadre leads members'],
  member_household: ['党员带散户', 'A member leads households'],
  model_1to1: ['一对一创业典型', 'One to one with an entrepreneur'],
  proposed: ['待确认', 'Proposed'],
  active: ['生效', 'Active'],
  paused: ['暂停', 'Paused'],
};
