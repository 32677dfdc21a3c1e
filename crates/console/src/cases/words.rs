//! What the pages about cases say, in both languages.

use crate::text::texts;

texts! {
    /// The words of these pages in one language. `{n}` marks the place of a value.
    pub CaseWords, by SpokenOfCases::cases:

    // The queue.
    title: "回访工单", "Cases";
    lead: "还欠客户一个答复的事。谁先接手，谁就是首问负责人，一直负责到客户得到答复。系统自动登记的只是回访线索，不是对员工的评价。", "Customers who are owed an answer. Whoever takes a case first stays responsible until the customer has it. What the system opens is a lead for a call back, never a judgement of whoever served.";
    filter: "筛选工单", "Filter the cases";
    tab_open: "待办", "To do";
    tab_own: "我的", "Mine";
    tab_overdue: "已超期", "Overdue";
    tab_forwarded: "等部门答复", "With a department";
    tab_came_back: "疑似虚假闭环", "Closed, not settled";
    tab_win_back: "关系修复", "To win back";
    tab_closed: "已办结", "Closed";
    lead_came_back: "已办结，但客户随后又来电，称问题没有解决。请核实；新的工单已转回首问负责人。", "Closed, and the customer came back and says that nothing is settled. Please check; the new case went to the first owner.";
    lead_win_back: "最近90天办结、但客户不满意或问题没有解决的工单。适合安排专人致电修复关系。", "Closed within 90 days with a customer who is not content: call them to repair the relation.";
    none: "这里没有工单。", "No cases here.";
    more: "下一页", "Next page";
    report: "回访报告", "Report";
    owed: "待办 {n}", "to do {n}";
    due_soon: "24小时内到期 {n}", "due within 24 hours {n}";
    overdue_count: "已超期 {n}", "overdue {n}";
    col_matter: "事项", "Matter";
    col_state: "状态", "State";
    col_due: "答复期限", "Answer due";
    col_owner: "负责人", "Owner";
    col_origin: "来源", "Why";
    overdue: "已超期", "overdue";
    nobody: "还没有人认领", "nobody yet";
    unknown_matter: "未注明业务", "no matter given";

    // One case.
    one: "工单", "Case";
    back: "返回工单列表", "Back to the cases";
    customer: "客户（代号）", "Customer (pseudonym)";
    no_customer: "来源没有提供客户标识", "the source names none";
    team: "班组", "Team";
    channel: "渠道", "Channel";
    opened: "登记时间", "Opened";
    term: "时限规则", "Time limit";
    first_owner: "首问负责人", "First owner";
    owner: "当前处理人", "With";
    department: "责任部门", "Department";
    bounces: "{n} 次转派", "passed on {n} times";
    outcome: "办理结果", "Outcome";
    cause: "原因", "Cause";
    satisfaction: "回访后满意度", "Satisfaction afterwards";
    grade: "{n} 分（满分5分）", "{n} of 5";
    reopened: "重新打开", "Opened again";
    times: "{n} 次", "{n} times";
    came_back: "办结后客户再次联系，称没有解决", "The customer came back after it was closed and says that nothing is settled";
    contact: "打开服务记录", "Open the contact";
    steps: "办理经过", "What was done";
    gone: "（文字已按保存期限删除）", "(the words are gone with their period)";
    act: "办理", "What to do";
    note: "说明（最多500字，不写客户信息）", "Remark (at most 500 characters, no customer data)";
    do_take: "认领", "Take it";
    do_take_back: "部门已答复，收回处理", "The department has answered: take it back";
    assign_to: "指派给", "Give it to";
    do_assign: "指派", "Assign";
    department_of: "转给哪个部门", "Which department has to answer";
    do_forward: "转部门", "Forward";
    choose: "请选择", "Choose";
    not_said: "不填写", "not said";
    do_close: "办结", "Close";
    reopen_why: "为什么重新打开", "Why it is opened again";
    do_reopen: "重新打开", "Open again";
    do_open: "登记回访", "Open a case";
    of_contact: "这条记录的工单", "Cases about it";
    open_note: "回访要点（可不填）", "What it is about (optional)";

    // The report.
    report_title: "回访报告", "Report on call backs";
    report_days: "最近 {n} 天", "Last {n} days";
    report_counts: "数量", "Counts";
    report_matters: "主要事项", "Top matters";
    report_causes: "原因", "Causes";
    report_outcomes: "办理结果", "Outcomes";
    report_actions: "要做的事", "What to do";
    report_opened: "新登记", "Opened";
    report_closed: "已办结", "Closed";
    report_in_time: "其中按时办结", "of them in time";
    report_overdue: "未办结且已超期", "Open and overdue";
    report_department: "正在等部门答复", "With a department";
    report_bounced: "被部门转派过", "Passed on between departments";
    report_came_back: "办结后客户再次联系称未解决", "Closed, and the customer says nothing is settled";
    report_win_back: "需要修复关系", "To win back";
    report_grade: "回访后满意度（{n} 位客户）", "Satisfaction afterwards ({n} customers)";
    report_cases: "{n} 件", "{n} cases";
    report_few: "样本不足（{n}），只列数量", "too few for a share ({n})";
    report_none: "没有。", "None.";
    report_cut: "这段时间的工单太多，只统计了前20000件。", "More cases than one report holds: the first 20,000 are counted.";
    report_markdown: "下载 Markdown", "Download Markdown";
    report_print: "打印", "Print";
    print_hint: "也可以用浏览器的打印功能（Ctrl+P）。", "The browser's own print works, too (Ctrl+P).";
    report_note: "系统自动登记的是回访线索；原因由办结人填写，用于改进流程，不用于考核个人。", "What the system opens is a lead. Causes are what whoever closed a case wrote: they are for mending processes, not for judging people.";
    do_overdue: "先处理已超期的 {n} 件。", "Answer the {n} overdue customers first.";
    do_came_back: "核实 {n} 件办结后客户仍称未解决的工单，必要时重新打开。", "Check the {n} cases that were closed and are not settled, and open them again where needed.";
    do_departments: "催办正在等部门答复的 {n} 件。", "Ask the departments about the {n} cases that wait for them.";
    do_bounced: "有 {n} 件在部门之间被转派，请明确责任部门。", "{n} cases were passed on between departments: say which one is responsible.";
    do_win_back: "为 {n} 位不满意的客户安排关系修复电话。", "Call the {n} customers who are not content.";
    do_cause: "最多的原因是「{n}」：", "The most frequent cause is “{n}”: ";
    do_not_known: "补充知识库并告知一线。", "add it to the knowledge base and tell the staff.";
    do_not_able: "安排针对性的培训。", "offer training on it.";
    do_not_willing: "请班组长与当事人沟通，了解原因。", "let team leads ask what stands in the way.";
    do_system: "请系统支撑部门限期解决。", "have the departments behind systems and rules mend it by a date.";
    do_nothing: "没有需要马上处理的事。", "Nothing needs to be done at once.";

    // What has just been done, and why something was not.
    done_opened: "已登记回访。", "The case is open.";
    done_moved: "已记录。", "Written down.";
    bad_changed: "这张工单已有新的进展，请看过之后再操作。", "The case has gone on. Look at it again.";
    bad_note: "请填写说明：1至500个字，不要换行。", "Write 1 to 500 characters without line breaks.";
    bad_department: "请填写部门：1至60个字。", "Write a department of 1 to 60 characters.";
    bad_owner: "没有这个账号，或者这个账号不能处理本班组的工单。", "There is no such account that may work on cases of this team.";
    bad_grade: "满意度是1到5分。", "The satisfaction is a number from 1 to 5.";
    bad_outcome: "请选择办理结果。", "Choose an outcome.";
}
