/** Two forms that tests of a filling open: a family, and visits that a person adds. */
import type { Filling, FormModule, SavedFilling } from '../src/filling.ts';
import { formOf, open, put } from './compiled.ts';

export const FAMILY = await formOf(`
| survey |
| | type | name | label::中文 (zh) | label::English (en) | relevant | required | constraint | constraint_message::中文 (zh) | constraint_message::English (en) | calculation | repeat_count | choice_filter | default | readonly |
| | integer | n | 人数 | How many | | yes | . < 10 | 太多 | Too many, {} | | | | | |
| | begin_repeat | member | 成员 | Member \${name} | | | | | | | \${n} | | | |
| | text | name | 姓名 | Name | | yes | | | | | | | | |
| | integer | age | 年龄 | Age of \${name} | \${name} != '' | | . >= 0 | | | | | | | |
| | calculate | place | | | | | | | | position(..) | | | | |
| | end_repeat | | | | | | | | | | | | | |
| | calculate | total | | | | | | | | sum(\${age}) | | | | |
| | calculate | adults | | | | | | | | count(\${member}[age >= 18]) | | | | |
| | select_one county | county | 县 | County | | | | | | | | | | |
| | select_one village | village | 村 | Village | | | | | | | | county = \${county} | | |
| | begin_group | poor | 贫困 | Poor | \${county} = 'a' | | | | | | | | | |
| | begin_group | why | 原因 | Why | | | | | | | | | | |
| | text | cause | 致贫原因 | Cause | | yes | | | | | | | ill | |
| | calculate | shout | | | | | | | | concat(\${cause}, '!') | | | | |
| | end_group | | | | | | | | | | | | | |
| | end_group | | | | | | | | | | | | | |
| | calculate | echo | | | | | | | | concat('<', \${shout}, '>') | | | | |
| choices |
| | list_name | name | label::中文 (zh) | label::English (en) | county |
| | county | a | 甲 | A | |
| | county | b | 乙 | B | |
| | village | v1 | 一 | One | a |
| | village | v2 | 二 | Two | a |
| | village | v3 | 三 | Three | b |`);

export const VISITS = await formOf(`
| survey |
| | type | name | label | calculation | default | trigger |
| | begin_repeat | visit | Visit | | | |
| | text | who | Who | | concat('nobody', position(..)) | |
| | integer | cost | Cost | | | |
| | calculate | share | | \${cost} div sum(../../visit/cost) | | |
| | end_repeat | | | | | |
| | calculate | total | | sum(/data/visit/cost) | | |
| | calculate | last | | /data/visit[last()]/who | | |
| | text | town | Town | | | |
| | text | noted | Noted | concat('seen ', \${town}) | | \${town} |
| | date | on | On | | today() | |`);

/** The same form, counting how often each computation ran. */
export function counted(module: FormModule): { module: FormModule; ran: Map<string, number> } {
  const ran = new Map<string, number>();
  const nodes = module.nodes.map(node => {
    const { calculate, relevant } = node;
    const count = (what: string): void =>
      void ran.set(`${node.name}.${what}`, (ran.get(`${node.name}.${what}`) ?? 0) + 1);
    return {
      ...node,
      ...(calculate && {
        calculate: (c: Parameters<typeof calculate>[0]) => (count('calculate'), calculate(c)),
      }),
      ...(relevant && { relevant: (c: Parameters<typeof relevant>[0]) => (count('relevant'), relevant(c)) }),
    };
  });
  return { module: { ...module, nodes }, ran };
}

export function twoMembers(): Filling {
  const filling = open(FAMILY);
  put(filling, 'n', '2');
  put(filling, 'member[1]/name', '安');
  put(filling, 'member[1]/age', '30');
  put(filling, 'member[2]/name', '白');
  put(filling, 'member[2]/age', '12');
  return filling;
}

export const restored = (filling: Filling, module = FAMILY): Filling =>
  open(module, { saved: JSON.parse(JSON.stringify(filling.save())) as SavedFilling });
