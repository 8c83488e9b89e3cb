"""The words of errors in expressions; see `error_texts.py` for their form."""

from __future__ import annotations

EXPRESSION_TEXTS: dict[str, tuple[str, str, str, str]] = {
    "syntax": (
        "公式在第 {position} 个字符处看不懂：“{found}”。",
        "The expression can't be read at character {position}: '{found}'.",
        "请检查引号、括号和运算符。",
        "Check quotes, brackets and operators.",
    ),
    "unexpected_end": (
        "公式没有写完。",
        "The expression ends too early.",
        "请检查是否少了括号、引号或后半部分。",
        "Check for a missing bracket, quote or operand.",
    ),
    "unsupported_axis": (
        "路径轴“{found}”不能用。",
        "The axis '{found}' is not supported.",
        "请用 ${{题目名}} 或简单路径。",
        "Use ${{question}} or a plain path.",
    ),
    "too_deep": (
        "公式层次太深(上限 {limit} 层)。",
        "The expression is nested too deeply (the limit is {limit}).",
        "请用几个 calculate 题分开计算。",
        "Split it over several calculate rows.",
    ),
    "too_long": (
        "公式太长(上限 {limit} 个字符)。",
        "The expression is too long (the limit is {limit} characters).",
        "请用几个 calculate 题分开计算。",
        "Split it over several calculate rows.",
    ),
    "unknown_name": (
        "${{{name}}} 没有这个题目{hint}。",
        "${{{name}}}: there is no question of that name{hint_en}.",
        "请检查拼写，或加上这个题目。",
        "Check its spelling, or add the question.",
    ),
    "bad_reference": (
        "“{found}”不是正确的引用。",
        "'{found}' is not a reference.",
        "写成 ${{题目名}}。",
        "Write ${{question}}.",
    ),
    "unknown_path": (
        "路径“{path}”不存在{hint}。",
        "There is nothing at the path '{path}'{hint_en}.",
        "请检查拼写，或用 ${{题目名}}。",
        "Check its spelling, or use ${{question}}.",
    ),
    "path_to_nothing": (
        "路径“{path}”不存在，按空处理，也不等于任何答案。",
        "There is nothing at the path '{path}': it counts as empty, and no answer equals it.",
        "如果不是有意的，请检查拼写，或用 ${{题目名}}；问答案是否为空，请写 = ''。",
        "If that isn't meant, check its spelling, or use ${{question}}; an empty answer is = ''.",
    ),
    "group_text": (
        "“{path}”是一个组，它的值是组里所有答案连在一起。",
        "'{path}' is a group: its value is all answers in it, one after the other.",
        "如果不是有意的，请引用组里的某一题。",
        "If that isn't meant, refer to a question in it.",
    ),
    "unknown_function": (
        "没有函数“{name}()”{hint}。",
        "There is no function '{name}()'{hint_en}.",
        "请检查拼写；函数名要用小写。",
        "Check its spelling; function names are lower case.",
    ),
    "unsupported_function": (
        "函数“{name}”不能用：{reason}。",
        "The function '{name}' can't be used: {reason_en}.",
        "{remedy}。",
        "{remedy_en}.",
    ),
    "wrong_arity": (
        "函数“{name}()”要 {expected} 个参数，这里有 {found} 个。",
        "The function '{name}()' takes {expected} arguments, here are {found}.",
        "请检查逗号和括号。",
        "Check commas and brackets.",
    ),
    "bad_regex": (
        "正则表达式“{pattern}”不能用：{reason}。",
        "The regular expression '{pattern}' can't be used: {reason}.",
        "不能用回溯引用和环视；请检查括号。",
        "Back references and look-around are not allowed; check the brackets.",
    ),
    "dynamic_regex": (
        "regex() 的第二个参数必须是写死的文字。",
        "The second argument of regex() must be literal text.",
        "请直接写 '…'。",
        "Write it as '…'.",
    ),
    "group_as_value": (
        "“{path}”是一个组，没有值。",
        "'{path}' is a group and has no value.",
        "请引用组里的某一题；数组数用 count()。",
        "Refer to a question in it; to count instances use count().",
    ),
    "unsupported_path": (
        "路径“{path}”的写法不支持：{reason}。",
        "The path '{path}' is of a kind that is not supported: {reason}.",
        "请用 ${{题目名}}，或 instance('列表')/root/item[条件]/列。",
        "Use ${{question}}, or instance('list')/root/item[condition]/column.",
    ),
    "choices_path": (
        "“{path}”不能作选项的来源。",
        "Choices can't come from '{path}'.",
        "请写 select_one 列表名；来自重复组时写 select_one ${{组里的题目}}，条件写在 choice_filter 列。",
        "Write select_one list_name, or select_one ${{question_of_a_repeat}} with a choice_filter.",
    ),
    "rows_as_value": (
        "“{path}”取到的是列表的行，不是一个值。",
        "'{path}' gives rows of a list, not one value.",
        "请在最后写上要取的列，例如 instance('列表')/root/item[条件]/列。",
        "Name a column at the end, as in instance('list')/root/item[condition]/column.",
    ),
    "computed_list": (
        "pulldata() 的列表名和查找的列必须直接写出，不能由答案算出：“{found}”。",
        "The list and the key column of pulldata() can't be computed from answers: '{found}'.",
        "请写成 pulldata('列表', '要取的列', '查找的列', 值)；几个列表请合成一个，多写一列以区分。",
        "Write pulldata('list', 'column', 'key column', value); make one list of several, with a column that"
        " tells them apart.",
    ),
    "literal_argument": (
        "函数“{name}()”里的“{found}”不能由答案算出。",
        "In '{name}()' the argument '{found}' can't be computed from answers.",
        "请直接写出，放在引号里，例如 jr:choice-name(${{题目}}, '${{题目}}')、instance('列表')。",
        "Write it out in quotes, as in jr:choice-name(${{question}}, '${{question}}') or instance('list').",
    ),
    "misplaced_function": (
        "函数“{name}()”不能用在这里：{reason}。",
        "The function '{name}()' can't be used here: {reason}.",
        "请按函数说明改写。",
        "Rewrite it as the function's description says.",
    ),
    "always_true": (
        "“{path}”单独作条件时总是成立，不论是否已填。",
        "'{path}' alone as a condition always holds, answered or not.",
        "请写成比较，例如 {path} != ''。",
        "Compare it, for example {path} != ''.",
    ),
    "own_value": (
        "“{path}”的公式用到它自己的值：取当时已有的值，服务器按上报的值接收，不再验算。",
        "The calculation of '{path}' reads its own value: what stands there at that time; the server takes"
        " what was sent.",
        "如果只想算一次，请用 once()。",
        "If it is to be computed once, use once().",
    ),
    "own_relevance": (
        "“{path}”是否显示取决于其中的“{inner}”：不论是否显示，都按其中已有的答案判断。",
        "Whether '{path}' shows depends on '{inner}', which is in it: the answer that stands there decides,"
        " shown or not.",
        "如果不是有意的，请引用组外的题目。",
        "If that isn't meant, refer to a question outside.",
    ),
    "own_answer": (
        "“{path}”是否显示取决于它自己的答案：答成不显示后，就不能再改。",
        "Whether '{path}' shows depends on its own answer: once an answer hides it, it can't be changed.",
        "如果不是有意的，请改用别的题目作条件。",
        "If that isn't meant, let another question decide.",
    ),
    "own_count": (
        "“{path}”的重复次数取决于其中的答案：每次作答后重新计算，直到不再变化。",
        "How often '{path}' is asked depends on answers in it: it is counted again after each of them.",
        "请确认次数不会没完没了地增加。",
        "Make sure that it doesn't grow for ever.",
    ),
    "last_saved_repeat": (
        "上次保存的“{path}”在重复组里，只取第一组的答案。",
        "'{path}' is in a repeat: of the record saved before, only its first instance is read.",
        "如果不要这样，请改用重复组之外的题目。",
        "If another is meant, use a question outside of the repeat.",
    ),
    "cycle": (
        "公式互相引用成了圈：{path}。",
        "These depend on each other in a circle: {path}.",
        "请断开其中一处引用。",
        "Break one of these references.",
    ),
    "container_constraint": (
        "组“{name}”的约束或必填不会起作用。",
        "A constraint on a group, or that it is required, has no effect: '{name}'.",
        "请把规则写在题目上，或用一个只在出错时显示的必填 acknowledge 题。",
        "Put the rule on a question, or on a required acknowledge that shows only when it is broken.",
    ),
}
