//! What the page for an own file says, in both languages.

use crate::text::texts;

texts! {
    /// The words of this page in one language. `{n}` marks the place of a value.
    pub(crate) TryTexts, by SpokenOfTrying::trying:

    nav: "试一试", "Try a file";
    title: "试一试自己的文件", "Try your own file";
    lead: "选一个文件，或者把对话粘贴进来，马上看到听心怎么读它。个人信息先去掉再分析；文件、文件名和结果都不保存，关掉页面就没有了。要保存，请用 tingxin import 或接口提交。", "Choose a file, or paste a conversation, and see at once how Tingxin reads it. Personal data is taken out first; neither the file, nor its name, nor the result is kept: with the page they are gone. To keep contacts, use tingxin import or the API.";
    file: "文件", "File";
    file_hint: "CSV、Excel、JSON、文本、字幕，以及其他系统导出的文件（tingxin formats 列出全部），最大 {n} MiB。", "CSV, Excel, JSON, text, subtitles and exports of other systems (tingxin formats lists them), {n} MiB at most.";
    words: "或者粘贴对话", "Or paste a conversation";
    words_hint: "一行一句，写明谁在说。例：客户：宽带又断了！", "One turn a line, with who speaks. Example: 客户：宽带又断了！";
    channel: "没有写明渠道时按", "Channel where the file names none";
    send: "分析", "Analyse";
    results: "结果", "Results";
    count: "共 {n} 条服务记录", "{n} contacts";
    cut: "文件里还有更多，只分析了开头的部分（最多 50 条、1000 轮）。", "The file holds more; only its beginning was analysed (at most 50 contacts and 1,000 turns).";
    col_contact: "服务记录", "Contact";
    col_channel: "渠道", "Channel";
    col_turns: "轮次", "Turns";
    col_mood: "客户情绪", "Customer";
    col_lowest: "最低", "Lowest";
    col_end: "结束", "End";
    col_flags: "标记 · 先看这一句", "Flags · look here first";
    no_flags: "没有标记", "No flags";
    mood_of: "客户情绪逐轮变化", "The customer's mood turn by turn";
    details: "逐轮分析：{n}", "Turn by turn: {n}";
    refused: "没有采用的部分", "What was not taken";
    line: "第 {n} 行：", "Line {n}: ";
    nothing: "没有读到服务记录。看看下面的原因，或者用 tingxin formats 查格式。", "No contact was found. See the reasons below, or the formats (tingxin formats).";
    nothing_sent: "请先选一个文件，或者粘贴一段对话。", "Choose a file or paste a conversation first.";
    too_large: "文件太大，这里最多 {n} MiB。大文件请用 tingxin analyze。", "The file is too large, {n} MiB at most here. For large files use tingxin analyze.";
    busy: "分析正忙，请稍后再试。", "Analysis is busy; try again in a moment.";
}
