/** The town's own forms, the lists they read, and what is answered in each, one answer after the other. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Table = readonly Readonly<Record<string, string>>[];

const LIBRARY = join(import.meta.dirname, '..', '..', '..', 'forms', 'library');
export const NAMES = [
  'household_register',
  'exit_check',
  'business_register',
  'enterprise_visit',
  'event',
  'check_in',
  'pairing',
  'contact_log',
  'leave',
] as const;
/** Differ by what they are: made at random, the time now, or ODK's own bookkeeping. */
export const BY_CHANCE = /\b(hh_id|biz_id|m_ent|m_household|ticket_key|visit_time)$|\/meta\//;

export const text = (name: string): string => readFileSync(join(LIBRARY, name), 'utf8');

function table(csv: string): Table {
  const [head = [], ...rows] = csv
    .trim()
    .split('\n')
    .map(line => line.split(','));
  return rows.map(cells => Object.fromEntries(head.map((column, index) => [column, cells[index] ?? ''])));
}

const member = (words: string): Record<string, string> => {
  const [name = '', label = '', m_rel = '', m_birth = '', m_sex = '', m_labour = '', m_edu = '', more = ''] =
    words.split(' ');
  const [m_student = '', m_work_place = '', m_work_months = '', m_pension = ''] = more.split('/');
  const asked = { m_rel, m_birth, m_sex, m_labour, m_edu: m_edu.replace('-', ''), m_student };
  const insured = { m_pension, m_health: 'ok', m_med_ins: 'ncms', m_serious_ins: 'yes', m_dibao: 'no' };
  const kept = { village: '320981100901', m_id: '320999********1017', m_removed: '' };
  const household = name.startsWith('x') ? 'h2' : 'h1';
  return { name, label, household, ...asked, m_work_place, m_work_months, ...insured, ...kept };
};

const HOUSEHOLD = {
  village: '320981100901',
  mentor_1: 'p1',
  mentor_2: '',
  status: 'candidate',
  attr: 'general',
  registered_year: '2014',
  land_rented_out: '1.5',
  house_grade: 'b',
  water_safe: 'ok',
  elec_live: 'yes',
  last_year: '2015',
  last_wage: '28000',
  last_operating_net: '6000',
  last_property: '1600',
  last_transfer: '4000',
  last_per_capita: '9900',
  lat: '32.75',
  lon: '120.2',
};

export const LISTS: Readonly<Record<string, Table>> = {
  poverty_line: table(text('lists/poverty_line.csv')),
  counts_as_income: table(text('lists/counts_as_income.csv')),
  village: [{ name: '320981100901', label: '草舍' }],
  person: ['p1', 'p2', 'p3'].map(name => ({ name, label: `干部${name}`, username: `user-${name}` })),
  household: [
    { name: 'h1', label: '王建军', ...HOUSEHOLD },
    { name: 'h2', label: '李红', ...HOUSEHOLD, last_per_capita: '' },
  ],
  member: [
    member('m1 王建军 head 1968-03-15 M normal junior /town/10/res'),
    member('x1 李红 head 1960-01-01 F weak none ///res'),
    member('m2 陈秀兰 spouse 1970-05-02 F normal primary /none//res'),
    member('m3 王子涵 son 2004-06-01 M none - g7///none'),
    member('m4 王德明 father 1940-01-20 M none none ///res'),
  ],
  pairing: [
    {
      name: 'r1',
      label: '王建军',
      kind: 'hand_in_hand',
      mentor: 'p1',
      mentor_2: '',
      mentor_name: '干部p1',
      mentee: 'h1',
      village: '320981100901',
      start_on: '2016-02-01',
      last_content: '查看虾塘，送去养殖技术资料，约好下月再来',
    },
  ],
  business: [
    {
      name: 'b1',
      label: '溱明电子(演示)',
      village: '320981100901',
      uscc: '91320999MA1DEM015B',
      reg15: '',
      key: 'yes',
      last_visit_year: '2016',
      last_output_ytd: '300',
      last_sales_ytd: '280',
      last_tax_ytd: '12',
    },
  ],
};

const INCOME = {
  w1: '9600',
  w2: '21000',
  o1: '5200',
  o2: '8000',
  c1: '1900',
  c2: '4300',
  p1: '1600',
  t1: '0',
  t3: '3720',
  t4: '480',
  n1: '6000',
};
const PAGE: Readonly<Record<string, string>> = {
  w: 'wage_page',
  o: 'operating_page',
  c: 'operating_page',
  p: 'property_page',
  t: 'transfer_page',
  n: 'other_page',
};
export const income = Object.entries(INCOME).map(
  ([name, amount]) => [`${PAGE[name.slice(0, 1)] ?? ''}/${name}`, amount] as const,
);

export const ADDED = [
  ['people/added', '1'],
  ['member[5]/m_base/m_name', '王小宝'],
  ['member[5]/m_base/m_id', '320999201609010062'],
  ['member[5]/m_base/m_rel', 'daughter'],
  ['member[5]/m_base/m_change', 'birth'],
  ['member[5]/m_base/m_change_date', '2016-09-01'],
  ['member[5]/m_school/m_student', 'baby'],
  ['member[5]/m_school/m_labour', 'normal'],
] as const;

export const STEPS: Readonly<Record<(typeof NAMES)[number], readonly (readonly [string, string])[]>> = {
  household_register: [
    ['home/village', '320981100901'],
    ['home/head_name', '王建军'],
    ['home/head_id', '320999196803151017'],
    ['home/head_id', '320999196803151018'],
    ['home/head_id', '320999196803151017'],
    ['home/phone', '10030000001'],
    ['home/phone', '1003000'],
    ['home/phone', '+86 139 1234 5678'],
    ['cause_page/main_cause', 'other'],
    ['cause_page/other_causes', 'ill other'],
    ['account/bank_acct', '6228480000000000019'],
    ['account/bank_acct', '6228480000000000018'],
    ['size/members_n', '2'],
    ['member[2]/m_base/m_name', '陈秀兰'],
    ['member[2]/m_base/m_id', '320999196803151017'],
    ['member[2]/m_base/m_id', '320999201609010062'],
    ['member[2]/m_base/m_id', '32099919700502002843'],
    ['member[2]/m_base/m_id', '320999197005020028'],
    ['member[2]/m_base/m_rel', 'spouse'],
    ['member[2]/m_base/m_rel', 'father'],
    ['member[2]/m_school/m_health', 'ok disab'],
    ['member[2]/m_school/m_health', 'disab'],
    ['member[2]/m_school/m_labour', 'weak'],
    ['member[2]/m_school/m_work_place', 'town'],
    ['member[2]/m_school/m_work_months', '13'],
    ['member[2]/m_school/m_work_months', '5'],
    ['member[1]/m_base/m_change', 'death'],
    ['cause_page/main_cause', 'disab'],
    ['land_page/land_mu', '3.2'],
    ['land_page/land_rented_out', '4'],
  ],
  exit_check: [
    ['visit/hh', 'h1'],
    ['visit/check_year', '2013'],
    ['visit/check_year', '2016'],
    ['people/checker_1', 'p1'],
    ['people/checker_1', 'p2'],
    ...income,
    ['result/conclusion', 'exit'],
    ['wage_page/w2', '0'],
    ['wage_page/w2', '9000.55'],
    ...ADDED,
    ['wage_page/w2', '9000'],
    ['member[5]/m_school/m_labour', 'none'],
    ['member[1]/m_cover/m_med_ins', 'none'],
    ['member[4]/m_base/m_change', 'death'],
    ['member[4]/m_base/m_change_date', '2016-08-31'],
    ['supply/water', 'no'],
    ['supply/electricity', 'no'],
    ['sign/hh_refuse', 'yes'],
    ['people/respondent', 'spouse'],
    ['people/respondent', 'adult'],
    ['visit/period_end', '2016-02-29'],
    ['visit/period_end', ''],
  ],
  business_register: [
    ['contact/village', '320981100901'],
    ['identity/id_scheme', 'uscc'],
    ['identity/uscc', '91320999MA1DEM015B'],
    ['identity/uscc', '92320999MA1DEM0234'],
    ['identity/uscc_as_printed', 'yes'],
    ['identity/uscc', '92320999ma1dem0233'],
    ['identity/uscc', '91320999 ma1dem015b'],
    ['identity/uscc', '9232O999MAIDEM0233'],
    ['identity/kind', 'workshop'],
    ['trade/industry_letter', 'C'],
    ['trade/industry_digits', '33'],
    ['staff/staff_n', '3'],
    ['staff/staff_local_n', '4'],
    ['lead/key', 'yes'],
  ],
  enterprise_visit: [
    ['visit/biz', 'b1'],
    ['visit/visitors', 'p1'],
    ['visit/visitors', 'p1 p2'],
    ['visit/mode', 'onsite'],
    ['figures/output_ytd', '200'],
    ['figures/output_ytd', '900'],
    ['figures/tax_ytd', '12'],
    ['state/has_demand', 'yes'],
    ['demands[1]/text', '缺少熟练工'],
    ['visit/visit_date', '2015-10-15'],
  ],
  event: [
    ['what/event_name', '第36期村干部培训班'],
    ['what/kind', 'training'],
    ['what/teacher', '张老师'],
    ['what/session_no', '0'],
    ['what/session_no', '36'],
    ['what/host_unit', '镇组织办'],
    ['what/organiser', 'p2'],
    ['when/place', '镇会议中心'],
    ['when/start_at', '2016-10-20T09:00:00.000+08:00'],
    ['when/end_at', '2016-10-20T08:30:00.000+08:00'],
    ['when/end_at', '2016-10-25T09:00:00.000+08:00'],
    ['when/end_at', '2016-10-25T09:01:00.000+08:00'],
    ['when/end_at', '2016-10-20T17:00:00.000+08:00'],
    ['when/hours', '40.5'],
    ['when/hours', '8'],
    ['when/has_check_out', 'yes'],
    ['when/has_halves', 'yes'],
    ['what/kind', 'study_tour'],
    ['what/destination', '永联村'],
    ['when/has_halves', 'no'],
  ],
  check_in: [
    ['event', 'e1'],
    ['event_name', '第36期村干部培训班'],
    ['session', '1'],
    ['direction', 'in'],
    ['attendee', 'person:p1'],
    ['attendee_name', '王建军'],
    ['way', 'manual'],
    ['reason', '没有手机'],
    ['at', '2016-10-20T00:55:00Z'],
    ['direction', 'out'],
  ],
  pairing: [
    ['pair/kind', 'hand_in_hand'],
    ['pair/mentor_person', 'p1'],
    ['pair/mentor_2', 'p1'],
    ['pair/mentor_2', 'p2'],
    ['pair/mentee_household', 'h1'],
    ['pair/mentee_household', 'h2'],
    ['terms/cadence_n', '0'],
    ['terms/cadence_n', '2'],
    ['terms/end_plan_on', '2016-01-01'],
    ['terms/goal', '养殖龙虾3亩'],
    ['terms/mentee_agreed', 'no'],
    ['terms/mentee_agreed', 'yes'],
    ['pair/kind', 'village_enterprise'],
    ['pair/mentor_business', 'b1'],
    ['pair/mentee_village', '320981100901'],
    ['pair/kind', 'model_1to1'],
    ['pair/mentor_person', 'p3'],
    ['pair/mentee_person', 'p2'],
    ['pair/village_asked', '320981100901'],
  ],
  contact_log: [
    ['log/pair', 'r1'],
    ['log/contact_on', '2016-10-20'],
    ['log/contact_on', '2016-01-31'],
    ['log/contact_on', '2016-10-05'],
    ['log/way', 'visit'],
    ['log/present', 'absent'],
    ['log/present', 'mentee'],
    ['log/gps', '32.7501 120.2 3.0 8.0'],
    ['log/gps', '32.7545 120.2 3.0 8.0'],
    ['log/v28_why', '在虾塘边见面'],
    ['log/content', '查看虾塘'],
    ['log/content', '查看虾塘，送去养殖技术资料，约好下月再来'],
    ['log/v27_why', '内容确实相同'],
    ['log/content', '查看虾塘长势，商量秋季销路和明年扩塘'],
    ['help/minutes', '0'],
    ['help/minutes', '40'],
    ['help/measures', 'train loan'],
    ['help/amount', '1000000.5'],
    ['help/amount', '600'],
    ['help/four_ones', 'learn area'],
    ['help/four_ones_evidence', '参加镇农技站龙虾养殖班'],
    ['help/gift', '大米'],
    ['help/gift_value', '80'],
    ['help/next_on', '2016-10-05'],
    ['help/next_on', '2016-11-05'],
    ['sign/sign_way', 'voice'],
    ['sign/sign_way', 'sign'],
    ['help/has_problem', 'yes'],
    ['problem[1]/problem_kind', 'house'],
    ['problem[1]/problem_text', '屋漏'],
    ['problem[1]/problem_text', '厨房屋顶漏雨'],
    ['problem[1]/owner', 'p2'],
    ['problem[1]/due_on', '2016-10-01'],
    ['problem[1]/due_on', '2016-10-31'],
    ['log/way', 'phone'],
    ['log/way', 'group'],
  ],
  leave: [
    ['leave/from_on', '2016-10-18'],
    ['leave/until_on', '2016-10-17'],
    ['leave/until_on', '2017-10-19'],
    ['leave/until_on', '2016-10-28'],
    ['leave/leave_kind', 'sick'],
    ['leave/reason', '住院'],
  ],
};

export const csvOf = (rows: Table): string => {
  const columns = [...new Set(rows.flatMap(Object.keys))];
  return [columns, ...rows.map(row => columns.map(column => row[column] ?? ''))]
    .map(line => line.join())
    .join('\n');
};
