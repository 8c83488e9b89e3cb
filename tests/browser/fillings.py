"""What people answer in the browser tests: families and firms of the demo town, by the words on the phone."""

from datetime import date

from server.demo.identifiers import id_number
from tests.browser.hands import Answers

NOW = "2016-10-15T09:00:00+08:00"  # the day the demo town stands at
# Of 草舍, cadre01's village; nobody has checked it this year.
HOUSEHOLD = "任巧云"
VISIT: Answers = {
    "核查人一": "邓长根",
    "核查人二": "吴宏兵",
    "受访人": "户主",
    "受访人姓名": HOUSEHOLD,
}
MEMBERS: Answers = {name: {"健康状况": "健康"} for name in ("任佳怡", "任巧云", "赵兆林", "任欣怡")}
# The worked example of domain.md section 2.4, for a household of four.
INCOME: Answers = {
    "本地务工工资(元)": "9600",
    "外出务工工资(元)": "21000",
    "种植收入(元)": "5200",
    "养殖(水产)收入(元)": "8000",
    "种子化肥农药支出(元)": "1900",
    "饲料苗种支出(元)": "4300",
    "土地流转租金(元)": "1600",
    "养老金(元)": "3720",
    "种粮补贴(元)": "480",
    "报销医疗费(元)": "6000",
}
RENT_REASON: Answers = {"有土地流转但无租金(或相反)，请说明原因": "今年九月才流转,租金明年登记"}
GUARANTEES: Answers = {
    "不愁吃": "达标",
    "不愁穿": "达标",
    "饮水安全": "达标",
    "通生活用电": "达标",
    "义务教育有保障": "达标",
    "基本医疗有保障": "达标",
    "住房安全有保障": "达标",
    "户主认可": "达标",
}
PROPOSAL: Answers = {"核查结论": "建议脱贫"}
SIGNED: Answers = {"户主签字": "", "核查人一签字": "", "核查人二签字": ""}

# Born within the income period: a fifth person to share what the family has.
BABY: Answers = {
    "姓名": "任小宝",
    "证件号码": id_number(date(2016, 9, 1), 6, "F"),
    "与户主关系": "之女",
    "增减原因": "出生",
    "增减日期": "2016-09-01",
    "健康状况": "健康",
    "基本医疗保险": "新农合(居民医保)",
    "大病保险": "是",
}

NEWCOMER = "董长根"
NEWCOMER_ID = id_number(date(1961, 3, 15), 7, "M")
REGISTRATION: Answers = {
    "行政村": "草舍",
    "村民小组": "3组",
    "户主姓名": NEWCOMER,
    "户主身份证号": NEWCOMER_ID,
    "识别标准": "省定标准",
    "贫困户属性": "一般户",
    "识别年度": "2016",
    "主要致贫原因": "缺技术",
    "第一帮扶责任人": "高红梅",
    "家庭人口(人)，含户主": "1",
    f"{NEWCOMER}": {
        "证件号码": NEWCOMER_ID,
        "与户主关系": "户主",
        "文化程度": "小学",
        "健康状况": "健康",
        "劳动能力": "普通劳动力",
        "基本医疗保险": "新农合(居民医保)",
        "养老保险": "城乡居民养老",
    },
    "房屋等级": "B级(基本安全)",
    "饮水来源": "净化自来水",
    "饮水安全": "达标",
    "通生活用电": "是",
}
