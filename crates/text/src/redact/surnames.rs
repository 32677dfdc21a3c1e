//! Chinese surnames, and the everyday words that only look like a name.

/// The commonest surnames (Ministry of Public Security, 2020 report, and the common ones below its
/// top hundred), each with the characters after which it is the end of another word: «费|用»,
/// «由|于师傅».
///
/// Left out on purpose, for as everyday words they would take out far more than names: 和 向 时 成 单 连
/// 全 强 向 车 花 水 元 平 明 那 能 都 有 通 包 班 计 国 公 经 后 区; and 祝, which begins wishes: «祝阿姨生日快乐».
const SURNAMES: &[(char, &str)] = &[
    ('王', "霸国"),
    ('李', "行桃"),
    ('张', "那这哪每来连有一两几纸紧夸主扩开慌"),
    ('刘', ""),
    ('陈', ""),
    ('杨', ""),
    ('黄', ""),
    ('赵', ""),
    ('吴', ""),
    ('周', "一上下本每这那两几三四半整圆"),
    ('徐', ""),
    ('孙', "子祖外儿"),
    ('马', "立人骑罗上号"),
    ('朱', ""),
    ('胡', ""),
    ('郭', ""),
    ('何', "任如为几奈"),
    ('林', "森园树"),
    ('罗', ""),
    ('高', "最很太更提较偏升增"),
    ('梁', "桥"),
    ('郑', ""),
    ('谢', "感多谢致答"),
    ('宋', ""),
    ('唐', ""),
    ('许', "也允或不准"),
    ('邓', ""),
    ('冯', ""),
    ('韩', ""),
    ('曹', ""),
    ('曾', "不未"),
    ('彭', ""),
    ('萧', ""),
    ('肖', ""),
    ('蔡', ""),
    ('潘', ""),
    ('田', "农"),
    ('董', "古"),
    ('袁', ""),
    ('于', "由对关至属等终处位基鉴便急低高小大出敢善限忙过"),
    ('余', "剩其多业盈"),
    ('叶', "树茶"),
    ('蒋', ""),
    ('杜', ""),
    ('苏', "江"),
    ('魏', ""),
    ('程', "工流过课远行全里教日编进章"),
    ('吕', ""),
    ('丁', "园"),
    ('沈', ""),
    ('任', "责信主担现前上委"),
    ('姚', ""),
    ('卢', ""),
    ('傅', "师"),
    ('钟', "分秒时点"),
    ('姜', "生"),
    ('崔', ""),
    ('谭', ""),
    ('廖', ""),
    ('范', "规示防模师"),
    ('汪', ""),
    ('陆', "登大内"),
    ('金', "奖资现押基佣租罚约本积酬税定证付赔退违款"),
    ('石', "岩"),
    ('戴', "佩"),
    ('贾', ""),
    ('韦', ""),
    ('夏', "华"),
    ('邱', ""),
    ('方', "作对双各官警校地院厂甲乙丙多我你他三两单前后远大我平立东西南北一"),
    ('侯', ""),
    ('邹', ""),
    ('熊', ""),
    ('孟', ""),
    ('秦', ""),
    ('白', "明空表坦小"),
    ('江', "长"),
    ('阎', ""),
    ('薛', ""),
    ('尹', ""),
    ('段', "时间阶手这一路那地片分频"),
    ('雷', "地"),
    ('黎', "巴"),
    ('史', "历"),
    ('龙', "水"),
    ('陶', ""),
    ('贺', "祝庆"),
    ('顾', "照回不光"),
    ('毛', "一羽"),
    ('郝', ""),
    ('龚', ""),
    ('邵', ""),
    ('严', "威尊"),
    ('武', ""),
    ('戚', "亲"),
    ('莫', ""),
    ('孔', "打钻面"),
    ('汤', ""),
    ('常', "非正通经平日异时照往"),
    ('温', "高低体气降升"),
    ('康', "健小安"),
    ('施', "设措实"),
    ('文', "语中英原下上条论作短公"),
    ('牛', ""),
    ('樊', ""),
    ('葛', ""),
    ('邢', ""),
    ('安', "公保平不治请早晚"),
    ('齐', "整到凑一"),
    ('易', "容交贸轻不简"),
    ('乔', ""),
    ('伍', "队入"),
    ('庞', ""),
    ('颜', ""),
    ('倪', ""),
    ('庄', "村农"),
    ('聂', ""),
    ('章', "盖公印规违文"),
    ('鲁', ""),
    ('岳', ""),
    ('翟', ""),
    ('殷', ""),
    ('詹', ""),
    ('申', ""),
    ('欧', ""),
    ('耿', ""),
    ('关', "相有无开机海没公攻"),
    ('兰', ""),
    ('焦', ""),
    ('俞', ""),
    ('左', ""),
    ('柳', ""),
    ('甘', ""),
    ('尚', ""),
    ('纪', "年世经"),
    ('梅', ""),
    ('童', "儿"),
    ('凌', ""),
    ('毕', ""),
    ('裴', ""),
    ('阮', ""),
    ('霍', ""),
    ('涂', ""),
    ('苗', ""),
    ('曲', ""),
    ('盛', ""),
    ('翁', ""),
    ('骆', ""),
    ('路', "线网马公电道光链一半走思通"),
    ('洪', ""),
    ('季', "四每旺淡这一二三"),
    ('万', "一几千百十"),
    ('钱', "把将块多少的花收退扣交没费价省赚元要付多么给"),
    ('饶', ""),
    ('靳', ""),
    ('邝', ""),
    ('柯', ""),
    ('宫', ""),
    ('卞', ""),
    ('尤', ""),
    ('辛', ""),
    ('闫', ""),
    ('褚', ""),
    ('卫', "保防护捍"),
    ('覃', ""),
    ('屈', ""),
    ('项', "一事各这那几"),
    ('窦', ""),
    ('阳', ""),
    ('司', "公"),
    ('桂', ""),
    ('佟', ""),
    ('蓝', ""),
    ('商', "运营厂智"),
    ('蒲', ""),
    ('冉', ""),
    ('邬', ""),
    ('符', "相"),
    ('瞿', ""),
    ('简', ""),
    ('郎', ""),
    ('苟', ""),
    ('宁', "南"),
    ('裘', ""),
    ('寇', ""),
];

/// Surnames of two characters.
const DOUBLE: &[&str] = &[
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "夏侯", "长孙", "宇文",
    "司徒", "端木",
];

/// Words that begin like a name: a surname and a character that could be a given name.
const NO_NAMES: &[&str] = &[
    "立马", "马上", "马路", "高兴", "高速", "高级", "高层", "高中", "高三", "高温", "高端", "高铁", "高清",
    "高峰", "方便", "方法", "方案", "方式", "方面", "方向", "于是", "安装", "安排", "安全", "安静", "安徽",
    "安心", "安卓", "安防", "白天", "白白", "白跑", "白费", "白交", "白搭", "白等", "常常", "常用", "常客",
    "常州", "常年", "程序", "程度", "段时", "万一", "万元", "万块", "万兆", "金额", "金融", "金牌", "金卡",
    "金华", "金属", "任何", "任务", "任意", "任性", "关于", "关机", "关闭", "关键", "关系", "关注", "关心",
    "关联", "向来", "向您", "向你", "向上", "项目", "陆续", "齐全", "温度", "温州", "温馨", "文件", "文化",
    "文字", "文明", "夏天", "谢谢", "谢您", "谢你", "许多", "严重", "严格", "严厉", "易懂", "尤其", "余额",
    "余下", "曾经", "张贴", "周末", "周一", "周二", "周三", "周四", "周五", "周六", "周日", "周年", "周围",
    "周边", "周期", "周到", "周转", "左右", "左边", "宁可", "宁愿", "宁波", "宁夏", "黄金", "黄色", "黄山",
    "江苏", "江西", "江北", "江南", "江山", "毕竟", "毕业", "孙子", "孙女", "孙儿", "何况", "何必", "何时",
    "何种", "施工", "石家", "田里", "田间", "叶子", "丁点", "钟头", "钟点", "范围", "范例", "陈旧", "陈述",
    "程控", "贺卡", "贺年", "顾客", "顾虑", "顾问", "毛病", "毛坯", "武汉", "武装", "莫名", "莫非", "孔子",
    "汤圆", "康复", "牛奶", "牛逼", "樊城", "齐了", "乔迁", "庞大", "颜色", "章程", "鲁莽", "申请", "申诉",
    "申报", "申明", "欧洲", "关照", "兰州", "焦急", "焦虑", "柳州", "甘肃", "甘愿", "尚未", "尚且", "纪念",
    "纪律", "梅雨", "童年", "凌晨", "霍乱", "涂改", "曲线", "盛情", "路由", "路上", "路边", "路段", "路线",
    "洪水", "季度", "季节", "钱包", "钱款", "钱都", "钱不", "钱就", "卫生", "卫星", "屈服", "阳台", "阳光",
    "司机", "司法", "商量", "商家", "商场", "商业", "商务", "商品", "商户", "商城", "符合", "符号", "简单",
    "简直", "简易", "宁静", "林业", "高校", "高低", "高大", "高危", "苏州", "郑州", "徐州", "杭州", "惠州",
    "梁山", "唐山", "唐突", "唐装", "胡说", "胡扯", "胡闹", "胡乱", "胡同", "马虎", "马桶", "罗列", "王八",
    "王牌", "王者", "李子", "杨树", "朱红", "郭外", "宋代", "许可", "许久", "韩国", "韩语", "曹操", "曾用",
    "肖像", "田园", "董事", "余款", "余量", "叶片", "苏醒", "任职", "任由", "任凭", "傅师", "姜汤", "陆地",
    "石头", "戴上", "戴着", "贾府", "夏季", "方才", "方可", "方言", "熊猫", "熊孩", "秦皇", "白色", "白纸",
    "白领", "白名", "江湖", "雷电", "雷雨", "雷锋", "黎明", "史上", "龙头", "龙岗", "陶瓷", "顾不", "毛巾",
    "严肃", "武器", "戚友", "莫过", "常见", "常规", "常识", "温暖", "温柔", "康宁", "施行", "施压", "文本",
    "文员", "文档", "文案", "牛气", "安好", "安居", "安检", "安保", "安慰", "安抚", "易于", "易损", "伍佰",
    "庄稼", "章子", "耿直", "关门", "关掉", "关了", "关怀", "关口", "左手", "柳树", "甘心", "梅花", "苗头",
    "盛大", "翁婿", "路口", "路径", "路费", "向导", "向前", "万分", "万能", "万达", "饶了", "宫里", "蓝色",
    "蓝牙", "蓝光", "商店", "商议", "简化", "简介", "简短", "简陋", "阳历", "司令", "项链", "桂林", "欧元",
    "兰花", "申领", "丁香", "毛爷", "康师", "苏北", "文学", "金山", "路痴", "辛苦", "辛劳", "安监", "向他",
    "向她", "向我",
];

/// No given name contains these: pronouns, particles, and what begins the next thought.
const NOT_GIVEN: &str = "某的了是在我你您他她它们个这那哪和与或及让给叫请找帮对把被跟为由从向到来去就还也都又再没不有要会能可想说问打办查交用住先女师小大老啊呀吧吗呢嘛哦嗯哎喂，号月年日点块元姓名客户机主本什么怎谁几多少些每次第其此并但却而则且因所以如果虽然只人店痴种族货票费网卡话事物件食吃喝做";

/// Those of them that do stand in given names («王小明», «陈大文»), where a cue says that a name follows:
/// first as the first character of a given name, then as the second, where the next thought may
/// begin.
const GIVEN_BEHIND_CUE: [&str; 2] = ["小大老女师月年日元友多可如其同本", "小大女月元友如"];

/// Where names are weighed, only these can never stand in one; the others are only unlikely. Those of Cantonese are
/// among them, for the dictionary does not know its words.
const NEVER_GIVEN: &str = "某的了是在我你您他她它们个这那哪和与或及让给叫请找帮把被跟由到就还也都又没不会说问打办查住吧吗呢啊呀嘛嗯哎喂什么怎谁几每此并但却而且因所某卡网机号费单款票张钱价账表店铺牌纸人房俺咱冇啲嘅咗唔係喺嚟嘢佢哋咁嗰嘞咩啦嘅乜嘛哦噢哈呃";

/// Surnames that are everyday words as well: behind «客户» the given name must have two common characters.
const WORDLIKE: &str = "高方于安任关常温严易许谢白文金何石段江雷龙牛马毛黄夏钟田万顾施庄齐左程曾莫孔康胡余纪项路季尤毕童甘商司符简丁尚鲁焦柳梅盛卫凌曲申钱汤戴汪宁严兰章武向叶孟范麻时成应包费";

/// Behind «客户» these begin a sentence and no name, in addition to the words above.
const ROLE_NO_NAMES: &[&str] = &[
    "张口", "张嘴", "张罗", "张望", "张扬", "郑重", "周内", "周中", "周前", "周后", "周全", "周旋", "陈情",
    "陈诉", "陈列", "杜绝", "杜撰", "沈阳", "徐徐", "萧条", "唐人", "韩式", "孙辈",
];

/// Characters of the commonest given names.
const COMMON_GIVEN: &str = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂建国华文玉红梅志海春燕婷雪琴云峰鹏飞凤荣珍莉玲辉宇浩俊鑫萍斌波凯健庆光福祥德忠义贵宝成林森龙山东新家永世晓佳慧颖欣怡思雨涵梓轩子豪泽瑞博翔旭晨阳天嘉琳倩蕾薇蓉洁淑惠兴振小";

/// What notes go on with behind a name.
const ROLE_NEXT: &[&str] = &[
    "来电", "来厅", "来访", "来人", "致电", "投诉", "反映", "要求", "表示", "咨询", "办理", "申请", "情绪",
    "本人", "电话", "手机", "身份", "宽带", "家中", "家里", "自述", "声称", "认为", "希望", "拨打", "到厅",
    "前来", "携带", "持本", "联系", "陪同", "代办", "报修", "报障", "预约", "提出", "多次", "再次", "今日",
    "昨日", "今天", "昨天", "上午", "下午", "上月", "本月", "不满", "不认", "满意", "质疑", "诉求", "名下",
    "家属", "拒绝", "同意", "接受", "感谢", "取消", "开通", "购买", "使用", "进厅", "到店", "到访", "进线",
    "不在", "已付", "已经", "因为", "由于", "准备", "打算", "询问", "坚持", "威胁", "催单", "催办", "发现",
];

/// Single characters that notes go on with and that end no name.
const ROLE_NEXT_CHARS: &str = "称说来于因对的在到要已未不想问让给将与和及也又再打被是有";

/// Words that follow a name of two characters and must not be taken for its third.
const NEXT_WORDS: &[&str] = &[
    "麻烦", "今年", "今天", "现在", "手机", "电话", "身份", "昨天", "上次", "上个", "宽带", "证件", "联系",
    "家里", "家住", "地址", "时候", "之前", "刚才", "刚刚", "已经", "开通", "投诉", "反映", "咨询", "需要",
    "希望", "谢谢", "感谢", "提供", "登记", "预约", "报修", "报障", "接电", "前天", "明天", "下午", "上午",
    "晚上", "早上", "当时", "那边", "这边", "同志", "同学", "经理", "主任", "阿姨", "男性", "居民", "移动",
    "尾号", "卡号", "服务", "工号", "真的", "觉得", "听到", "知道", "大概", "大家", "如果", "如何", "女儿",
    "月底", "月初", "小时",
];

/// Length in characters of the surname that `name` begins with, and whether it could be one at all
/// after `before`.
pub(super) fn surname(before: Option<char>, name: &[char]) -> Option<usize> {
    if double(name) {
        return Some(2);
    }
    let (_, joined) = SURNAMES.iter().find(|(surname, _)| name.first() == Some(surname))?;
    let joined = before.is_some_and(|before| joined.contains(before));
    (!joined && !begins_a_word(name)).then_some(1)
}

/// Whether `name` begins with an everyday word instead of a name.
pub(super) fn begins_a_word(name: &[char]) -> bool {
    matches!(name, [first, second, ..] if NO_NAMES.iter().any(|word| word.chars().eq([*first, *second])))
}

/// Whether `c` may stand in a given name.
pub(super) fn is_given(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c) && !NOT_GIVEN.contains(c)
}

/// Whether `name` begins with a surname of two characters.
pub(super) fn double(name: &[char]) -> bool {
    matches!(name, [first, second, ..] if DOUBLE.iter().any(|double| double.chars().eq([*first, *second])))
}

/// Whether these characters may be a given name where nothing announces one.
pub(super) fn may_be_given(given: &[char]) -> bool {
    let place = given.last().is_some_and(|c| "县村苑湾镇街路厦寨屯".contains(*c));
    !place && given.iter().all(|c| !NEVER_GIVEN.contains(*c))
}

/// Whether `name` behind `before` is taken for another word where nothing announces a name: it is part of one, or
/// begins with a surname that is said every day for something else.
pub(super) fn is_doubtful(before: Option<char>, name: &[char]) -> bool {
    let Some(first) = name.first() else { return true };
    let joined = SURNAMES
        .iter()
        .find(|(surname, _)| surname == first)
        .is_some_and(|(_, joined)| before.is_some_and(|c| joined.contains(c)));
    joined || EVERYDAY.contains(*first)
}

/// Surnames that are left to cues and titles.
const EVERYDAY: &str = "和向时成单连全强车花水元平明那能都有通包班计国公经后区仲代原由盖初从信会要来新支封修解查游房管应皮满冷费楼边位祝晏井巴哈麦薄路商桂莫";

/// Whether `c` stands in many given names.
pub(super) fn is_common_given(c: char) -> bool {
    COMMON_GIVEN.contains(c)
}

/// Surnames that a cue or a title makes one, although everyday words begin or end with them.
pub(super) fn rare_surname(c: char) -> bool {
    let word = "和全但代信修元公区国原展印位初来费支封班通边能都有那当车要在从";
    ("向时成单连全强花水平明包候华计".contains(c) || super::likely::is_surname(c)) && !word.contains(c)
}

/// How many characters of `rest` may be a given name behind a cue, at most two.
pub(super) fn given_behind_cue(rest: &[char]) -> usize {
    let may = |c: char, also: &str| is_given(c) || also.contains(c);
    rest.iter().zip(GIVEN_BEHIND_CUE).take_while(|(c, also)| may(**c, also)).count()
}

/// Where the name ends that `name` begins with behind somebody's part: «客户王建国来电».
///
/// Nothing but the next word shows where it ends, so a name is taken only if a break or a usual
/// next word follows, or if both characters are such as names are made of.
pub(super) fn role_name(name: &[char], family: usize, breaks: impl Fn(usize) -> bool) -> Option<usize> {
    let [first, second, ..] = name else { return None };
    if ROLE_NO_NAMES.iter().any(|word| word.chars().eq([*first, *second])) {
        return None;
    }
    let rest = name.get(family..)?;
    let given = given_behind_cue(rest);
    let common = |count: usize| rest.iter().take(count).all(|c| COMMON_GIVEN.contains(*c));
    let wordlike = family == 1 && WORDLIKE.contains(*first);
    // «王某», «张总», «李工».
    if given == 0 || rest.first().is_some_and(|c| "某总姐哥工董叔婶嫂伯氏".contains(*c)) {
        return None;
    }
    let next_word = |at: usize| {
        name.get(at..at + 2)
            .is_some_and(|next| ROLE_NEXT.iter().any(|word| word.chars().eq(next.iter().copied())))
    };
    let ends = |count: usize| {
        let at = family + count;
        breaks(at) || next_word(at) || name.get(at).is_some_and(|c| ROLE_NEXT_CHARS.contains(*c))
    };
    // «李梅电话»: the word behind the first character is surer than a name of two.
    let count = if given == 2 && !next_word(family + 1) && (ends(2) || (common(2) && !wordlike)) {
        2
    } else if ends(1) {
        1
    } else {
        return None;
    };
    (!wordlike || (count == 2 && common(2))).then_some(family + count)
}

/// Whether the text goes on with a word that a name does not end in.
pub(super) fn goes_on(rest: &[char]) -> bool {
    matches!(rest, [first, second, ..] if NEXT_WORDS.iter().any(|word| word.chars().eq([*first, *second])))
}
