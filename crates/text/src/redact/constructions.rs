//! Constructions in which personal data stands, one line each, and the same words where they mean nothing personal.

use crate::domain::RawText;
use crate::redact::{PseudonymKey, Redactor};

fn redacted(text: &str) -> String {
    let redactor = Redactor::new(PseudonymKey::new([7; 32]));
    redactor.line(&RawText::new(text.to_owned())).text.as_str().to_owned()
}

fn lost(lines: &[&str], parts: &[&str]) -> Vec<String> {
    let texts = lines.iter().map(|line| redacted(line));
    texts.filter(|text| parts.iter().any(|part| text.contains(part))).collect()
}

#[test]
fn an_address_goes_on_to_the_door_that_is_described() {
    let lines = [
        "青云路老糖厂院子里头三号楼最西头那个单元二楼东户",
        "我住的就是滨江路七十六号大院里头靠近水塔那栋三门六楼右手",
        "家住白云村三组21号",
        "住南街口子上供销社后面那个院子",
        "502那户网断了",
    ];

    assert_eq!(lost(&lines, &["楼", "院", "右手", "村", "组", "502"]), Vec::<String>::new());
}

#[test]
fn a_date_of_birth_is_found_in_every_calendar() {
    let lines = [
        "我爷爷民国三十一年八月初四生",
        "我1961年冬月初三落地的",
        "生日错了，系统里1991年1月2日，其实是1991年11月2日",
        "属龙的，七六年的",
        "Apr 6, 1977这样写生日不认",
        "生日是零三一五",
    ];

    assert_eq!(lost(&lines, &["年八", "年冬", "1991", "七六", "1977", "零三"]), Vec::<String>::new());
}

#[test]
fn a_code_is_found_before_and_behind_its_name_and_in_words() {
    let lines = [
        "Q8ZT5M是提货码",
        "码发来了，2918，念完了",
        "五六三零九八，短信上的验证码",
        "密码好像是668899还是889966",
        "暗号“小葵花”",
        "微信搜sunny-cat就行",
        "会员名隔壁家的狗2011",
    ];

    let parts = ["Q8", "2918", "五六三", "8899", "889966", "葵花", "sunny", "2011"];
    assert_eq!(lost(&lines, &parts), Vec::<String>::new());
}

#[test]
fn a_rare_surname_counts_behind_a_cue_and_before_a_title() {
    let lines = [
        "我叫水根生",
        "我姓向，",
        "等柴主任批材料",
        "上个礼拜计师傅来过",
        "实名是方便，真的",
        "单名一个磊字",
        "艾力大哥说",
    ];

    let parts = ["水根", "向", "柴", "计", "方便", "磊", "艾力"];
    assert_eq!(lost(&lines, &parts), Vec::<String>::new());
}

#[test]
fn a_card_is_found_although_its_check_digit_is_wrong() {
    let lines = ["证号11010119760409 2 2 57", "建行储蓄卡6 2 2 7 0 0 3 3 2 4 1 2 0 5 8 8 0 9 5"];

    assert_eq!(lost(&lines, &["1976", "2 2"]), Vec::<String>::new());
}

#[test]
fn the_same_words_stay_where_they_mean_nothing_personal() {
    let lines = [
        "我想换个师傅过来",
        "班主任让我们下载",
        "康师傅方便面",
        "会计没来",
        "户名 不符",
        "机主方便吗",
        "他叫我等着",
        "这个叫智能组网",
        "公司名下有三张卡",
        "我家网断了三天",
        "住在六楼信号不好",
        "菜市场旁边的营业厅",
        "2023年5月6号办的套餐",
        "生日权益2024年3月1日到期",
        "口令是多少",
        "密码是多少位的",
        "宽带500M升1000M",
        "验证码2分钟有效",
        "受理单 755202406110098342 未竣工",
        "产品ID 9000137463 订购失败",
    ];

    let changed: Vec<String> = lines
        .iter()
        .map(|line| redacted(line))
        .zip(lines)
        .filter(|(text, line)| text != line)
        .map(|(text, _)| text)
        .collect();

    assert_eq!(changed, Vec::<String>::new());
}
