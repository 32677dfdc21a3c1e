//! The words that addresses are made of, and those that only look like it.

/// Characters of a place's name: Chinese ones without those that begin another thought. Some places hold one of
/// these all the same.
pub(super) const NAME: &str = r"(?:成都|名都|丽都|花都|新都|丰都|都江|都市|[\p{Han}&&[^这那哪我你您他她它们的了吗呢吧都就还也没不有是什么怎个另某在到给用从往为]])";
/// Suffixes that name a place narrowly enough to find somebody there.
pub(super) const NARROW: &str = "小区|花园|花苑|家园|佳园|嘉园|公寓|大厦|大楼|大道|大街|胡同|新村|新城|街道|社区|广场|山庄|别墅|豪庭|华庭|华府|名都|名城|国际|校区|宿舍|家属院|生活区|工业园|产业园|科技园|家属楼|职工楼|路|街|巷|弄|里|苑|村|庄|屯|园|府|湾|庭|寨|院|城";
/// Those that are followed by the number of a house.
pub(super) const STREET: &str = "小区|花园|花苑|家园|佳园|嘉园|公寓|大厦|大楼|大道|大街|胡同|新村|新城|社区|广场|山庄|别墅|豪庭|华庭|华府|名都|名城|国际|校区|宿舍|家属院|生活区|工业园|产业园|科技园|路|街|巷|弄|里|苑|村|庄";
/// Those after which a room may follow at once: «汇景大厦1703».
pub(super) const TOWER: &str =
    "大厦|公寓|花园|花苑|家园|佳园|嘉园|小区|广场|大楼|写字楼|宿舍|宿舍楼|新村|华庭|豪庭";
/// What an address names beside or inside the place.
pub(super) const BESIDE: &str = "家属楼|家属院|平房|网吧|超市|锅炉房|保安亭|粮站|水塔|水井|菜场|菜市场|卫生室|卫生院|村委会|小卖部|食堂|车棚|操场|磨坊|祠堂|大院|院里|楼下|楼上|后面|前面|里头|旁边|对面|隔壁|门口|[东南西北]门(?:边上|进去)?|村口|路口|桥头|边上";
/// On which side.
pub(super) const SIDE: &str = "(?:(?:[东南西北]{1,2}|左手?|右手?)[侧边面头户]|左手|右手)";
/// Ends of the names of estates which only the number of a building tells from other words.
pub(super) const ESTATE: &str = "园|苑|城|府|湾|庭|郡|轩|阁|居|坊|岸|墅|洲|湖|院|楼|邸|台|谷|都|天下|家";
/// Suffixes of regions.
pub(super) const WIDE: &str = "自治区|自治州|省|市|州|盟|区|县|旗|镇|乡";
/// What a village is divided into.
pub(super) const VILLAGE: &str = "村|屯|庄|寨|坪|湾|营|坳|冲|沟|堡|洼|峪|岭|塘|社区|大队|农场|林场|牧场|嘎查";
/// Numbers of houses, stairs and rooms, written or spoken.
pub(super) const COUNT: &str = "(?:[甲乙丙丁]?[0-9零〇一二三四五六七八九十百幺两a-z]{1,6}|[甲乙丙丁])";
/// What such numbers count.
pub(super) const UNIT: &str = "号楼|号院|号|栋|幢|座|单元|室|层|楼|弄|门|组|户|房|期|队|排|社";
/// Those of them that lead to a door.
pub(super) const DOOR: &str = "号楼|号院|号|栋|幢|座|单元|室|弄|组";
/// Those that nothing but a building has.
pub(super) const BUILDING: &str = "号楼|号院|栋|幢|座|单元|弄";
/// Those that an address has beside them.
pub(super) const PART: &str = "期|区|街|楼|层|门|室|房|户|号";
/// A room at the end of an address.
pub(super) const ROOM: &str =
    "(?:宿舍|房间|室)?(?:[0-9]{3,4}[a-z]?|[零〇一二三四五六七八九幺]{3,4}|[0-9]{1,2}[a-z])(?:室|房|户)?";

/// «高层小区», «老旧小区»: a kind of place, not its name.
pub(super) const KINDS: &[&str] = &[
    "高层", "老旧", "新建", "封闭", "回迁", "整个", "附近", "隔壁", "同一", "农村", "普通", "智慧", "全国",
    "各个", "所有", "几个", "周边", "旁边", "大型", "住宅", "商业", "学校", "员工", "学生", "单位",
];
/// Before these «里» and «路» end another word: «线路1号», «公里», «家里3号».
pub(super) const NO_STREET: &[&str] = &[
    "线路",
    "电路",
    "网路",
    "链路",
    "光路",
    "专线",
    "公里",
    "这里",
    "那里",
    "哪里",
    "家里",
    "厅里",
    "店里",
    "屋里",
    "房里",
    "楼里",
    "月里",
    "年里",
    "天里",
    "城里",
    "村里",
    "区里",
    "柜里",
    "包里",
    "卡里",
    "机里",
    "手里",
    "心里",
    "夜里",
    "群里",
    "司里",
    "信里",
    "统里",
    "单里",
    "餐里",
    "录里",
    "走路",
    "一路",
    "马路边",
    "过马路",
    "思路",
    "半路",
    "营业厅",
    "窗口",
    "机柜",
];
/// After these «号» counted days, counters or lines.
pub(super) const NO_DOOR: &[&str] = &[
    "窗口",
    "柜台",
    "台席",
    "线",
    "机房",
    "口",
    "之前",
    "以前",
    "前",
    "后",
    "左右",
    "那天",
    "晚上",
    "早上",
    "上午",
    "下午",
    "营业厅",
    "厅",
    "基站",
    "机柜",
    "网点",
    "专柜",
];

/// Words of the sentence before that may stand directly in front of an address.
pub(super) const BEFORE: &[&str] = &[
    "麻烦",
    "位于",
    "就住",
    "家住",
    "现在",
    "帮忙",
    "宽带",
    "师傅",
    "上门",
    "地址",
    "投诉",
    "报修",
    "维修",
    "安装",
    "装机",
    "客户",
    "用户",
    "昨天",
    "今天",
    "明天",
    "上午",
    "下午",
    "晚上",
    "已经",
    "一直",
    "快递",
    "收货",
    "收件",
    "门牌号",
    "户籍",
    "籍贯",
    "单位",
    "小区叫",
    "改成",
    "换成",
    "反映",
    "申请",
    "信号",
    "网络",
    "断网",
    "停电",
    "搬家",
    "移机",
    "住",
    "去",
    "送",
    "寄",
    "来",
    "查",
    "看",
    "修",
];
