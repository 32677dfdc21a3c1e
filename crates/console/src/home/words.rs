//! What the start page says, in both languages.

use crate::text::texts;

texts! {
    /// The words of the start page in one language. `{n}` marks the place of a value.
    pub(crate) HomeWords, by SpokenOfHome::home:

    hello: "您好，{n}", "Hello, {n}";
    admin: "您的角色是管理员：管理账号和接口密钥。出于职责分离，管理员看不到对话内容。", "You are an administrator: you manage accounts and API keys. Duties are kept apart, so administrators read no transcripts.";
    other: "您的角色暂时没有控制台页面。", "Your role has no pages in the console yet.";
    state: "服务状态", "The service";
    waiting: "待分析的服务记录", "Contacts that wait";
    waiting_longest: "最久已等 {n} 秒", "the oldest for {n} s";
    waiting_none: "没有积压", "nothing waits";
    set_aside: "已隔离", "Set aside";
    set_aside_some: "多次分析失败，需要处理", "their analysis failed repeatedly: look at them";
    set_aside_none: "没有需要处理的", "nothing to look at";
    accounts: "账号", "Accounts";
    keys: "可用的接口密钥", "API keys in use";
    keys_ending: "30 天内到期 {n}", "{n} end within 30 days";
    open: "打开", "Open";
}
