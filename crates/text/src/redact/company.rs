//! The company that a name keeps: words before and behind it that speak for a name, or against one.

use super::chars::Text;
use super::cues::TITLES;

/// Parts of forms and of notes, behind which a name stands.
const FORMS: &[&str] = &[
    "姓名",
    "名字",
    "户名",
    "署名",
    "签名",
    "机主",
    "号主",
    "户主",
    "房主",
    "业主",
    "租户",
    "客户",
    "用户",
    "法人",
    "代表",
    "申请人",
    "经办人",
    "委托人",
    "投诉人",
    "开户人",
    "办理人",
    "持卡人",
    "联系人",
    "联络人",
    "收件人",
    "收货人",
    "签收人",
    "寄件人",
    "发件人",
    "取件人",
    "经手人",
    "代理人",
    "代办人",
    "报修人",
    "报障人",
    "负责人",
    "当事人",
    "监护人",
    "担保人",
    "使用人",
    "登记人",
    "预约人",
    "收款人",
    "付款人",
    "缴费人",
    "开票人",
    "受理人",
    "承办人",
    "处理人",
    "实名人",
    "本人",
    "来电人",
    "反映人",
    "受托人",
    "被告",
    "原告",
    "房东",
    "邻居",
    "同事",
    "朋友",
    "闺蜜",
    "同学",
    "室友",
    "老板",
    "店主",
];

/// Relatives, behind «我», «他» and others.
const RELATIVES: &[&str] = &[
    "妈",
    "妈妈",
    "母亲",
    "爸",
    "爸爸",
    "父亲",
    "老公",
    "老婆",
    "丈夫",
    "妻子",
    "爱人",
    "媳妇",
    "儿子",
    "女儿",
    "孩子",
    "爷爷",
    "奶奶",
    "外公",
    "外婆",
    "姥姥",
    "姥爷",
    "哥",
    "哥哥",
    "姐",
    "姐姐",
    "弟",
    "弟弟",
    "妹",
    "妹妹",
    "叔叔",
    "婶婶",
    "舅舅",
    "阿姨",
    "姑姑",
    "姑妈",
    "姨妈",
    "对象",
    "男朋友",
    "女朋友",
    "孙子",
    "孙女",
    "女婿",
    "公公",
    "婆婆",
    "岳父",
    "岳母",
    "侄子",
    "外甥",
    "表哥",
    "表弟",
    "表姐",
    "表妹",
    "堂哥",
    "堂弟",
    "嫂子",
    "姐夫",
    "妹夫",
];

/// Words that introduce somebody.
const INTRODUCING: &[&str] = &[
    "我叫",
    "他叫",
    "她叫",
    "叫做",
    "名叫",
    "人叫",
    "的叫",
    "那个叫",
    "我是",
    "这里是",
    "名下是",
    "就是",
    "归",
];

/// Words that are done with somebody: «找», «让», «跟».
const ABOUT: &[&str] = &[
    "是",
    "找",
    "让",
    "叫",
    "请",
    "跟",
    "和",
    "给",
    "由",
    "被",
    "把",
    "代",
    "对",
    "问",
    "谢谢",
    "感谢",
    "表扬",
    "投诉",
    "转",
    "联系",
    "、",
    "为",
    "师傅",
    "经理",
    "客服",
    "专员",
    "主管",
    "个",
    "的",
    "在",
    "向",
    "替",
    "帮",
    "过户给",
    "写",
    "员",
    "写着",
    "写的",
    "领导",
];

/// What somebody does whose name stands before it.
const ACTS: &[&str] = &[
    "说",
    "来",
    "给",
    "答应",
    "骗",
    "态度",
    "那天",
    "昨天",
    "今天",
    "前天",
    "上次",
    "刚才",
    "打",
    "没",
    "要",
    "和",
    "跟",
    "家",
    "签",
    "接",
    "反映",
    "投诉",
    "咨询",
    "表示",
    "名下",
    "的卡",
    "的号",
    "的手机",
    "的电话",
    "的宽带",
    "的套餐",
    "的账",
    "的名",
    "的单",
    "的发票",
    "的身份证",
    "办",
    "承诺",
    "上门",
    "走了",
    "迟到",
    "不理",
    "不接",
    "他",
    "她",
    "我",
    "你",
    "在",
    "也",
    "都",
    "就",
    "同志",
    "本人",
    "拒绝",
    "收",
    "用的",
    "今年",
    "欠费",
    "过户",
    "生病",
    "把",
    "是我",
    "是你",
    "是他",
    "很",
    "特别",
    "已经",
    "服务",
    "处理",
    "帮",
    "打了",
    "能",
    "给我",
];

/// What nobody but a person does or has.
const OWNS: &[&str] = &[
    "名下",
    "没带身份证",
    "没带证件",
    "说他",
    "说她",
    "领取",
    "已签字",
    "代办",
    "办理销户",
    "办理过户",
    "申请携号",
    "去年换",
    "来办",
];

/// Behind these a name has gone on: they end the names of places and of firms.
const PLACES: &[&str] = &[
    "路", "街", "镇", "乡", "村", "县", "市", "区", "省", "园", "苑", "庄", "桥", "店", "厅", "站", "山",
    "湖", "江", "河", "岛", "港", "大厦", "广场", "公司", "集团", "银行", "医院", "学校", "大学", "中学",
    "小学", "超市", "底下", "酒店", "小区", "机场", "牌", "卡", "费", "套餐", "品牌", "系列", "型", "版",
];

/// Characters that may stand between a form and a name.
const LINKS: &str = ":是为叫( “\"=";

/// What the words before `at` say for a name, in nats.
pub(super) fn before(text: &Text, at: usize) -> f64 {
    let from = at.saturating_sub(8);
    let head = text.slice(&(from..at));
    let bare = head.trim_end_matches(|c| LINKS.contains(c));
    let linked = bare.len() < head.len();
    let ends = |words: &[&str]| words.iter().any(|word| bare.ends_with(word));
    if ends(FORMS) {
        return if linked { 6.0 } else { 4.5 };
    }
    if ends(RELATIVES) {
        return if linked { 4.5 } else { 3.5 };
    }
    if INTRODUCING.iter().any(|word| head.ends_with(word)) {
        return 3.0;
    }
    if head.is_empty() || head.ends_with(|c: char| !c.is_alphanumeric()) {
        return 1.0;
    }
    if ABOUT.iter().any(|word| head.ends_with(word)) { 1.5 } else { 0.0 }
}

/// What the words behind `at` say for a name, in nats; the Chinese characters end at `end`.
pub(super) fn after(text: &Text, at: usize, end: usize) -> f64 {
    if at >= end {
        return 1.0;
    }
    let begins = |words: &[&str]| words.iter().any(|word| text.starts_with(at, word));
    if begins(TITLES) {
        return 3.0;
    }
    if begins(PLACES) {
        return -6.0;
    }
    if begins(OWNS) {
        return 3.5;
    }
    if begins(ACTS) { 1.5 } else { 0.0 }
}
