"""More lines to learn from: people, estates, codes and dates in sentences of calls and chats.

A slot in braces is filled by chance; what stands in it is personal unless it begins with a small `x`. The lines aim at what
the tagger was weakest in: names without a cue, names of other peoples, estates by their name alone, codes; and against them
days of contracts, numbers of orders, and words that begin with a surname.
"""

import re
from pathlib import Path

HERE = Path(__file__).parent
SLOT = re.compile(r"\{(\w+)\}")
DIGITS = "零一二三四五六七八九"

ESTATES = """翠屏湾 阳光水岸 金色港湾 梧桐里 云栖蝶谷 碧桂园凤凰城 恒大名都 中海国际社区 龙湖春森 融创观澜 绿地香颂 华润橡树原 香榭丽舍 西山壹号
银河丽湾 锦绣前程 水木清华苑 丽水佳园 福星惠誉 南湖玫瑰湾 东湖春树里 翡翠滨江 星河时代 仁恒河滨城 雅居乐锦官城 复地御香山 幸福里 春江花月 莱茵东郡
蔚蓝海岸 枫丹白露 欧洲城 山水人家 钱塘明月 桃花源 康桥郡 首创漫香郡 招商雍景湾 新城公馆 江南名府 学林雅苑 怡景花园 安居新苑 红旗社区 天骄华庭
祥和家园 和谐苑 都市阳光 鑫苑名家 建业森林半岛 正商新蓝钻 永威翡翠城 富力天河华庭 珠江帝景 汇景新城 骏景花园 丽江花园 祈福新村 星河湾 南国奥园
岭南雅筑 时代糖果 保利心语 万达华府 绿城桂花园 滨江金色家园 戈雅公寓 西溪诚园 浅水湾城市花园 白鹭郡 中央公园城 凯旋门 巴黎春天 海棠公社 半岛蓝湾
书香门第 大公馆 名流印象 鹿鸣苑 竹海水韵 听涛雅苑 观湖园 麓山国际 八方小区 上河城 北大资源城 君临天下 优山美地 格调春天 米兰阳光 远洋山水
天通苑 回龙观新村 沿海赛洛城 富景嘉园 新奥洋房 柏林春天 城市之光 托斯卡纳 锦绣山河 尚东国际 嘉禾花园 钢花新村 铁路新村 矿务局家属区 棉纺厂生活区
电力家园 教师新村 军安小区 水厂宿舍 烟草公司家属院 化工新村 机床厂大院""".split()

UYGHUR = """阿卜来提 阿不都热合曼 艾合买提 艾尼瓦尔 帕尔哈提 热合木 努尔买买提 吾斯曼 亚森 玉素音 库尔班 卡迪尔 哈力克 依明 图尔贡 阿布力孜 赛买提 木合塔尔
阿曼古丽 阿依古丽 帕提古丽 热依汗 米热古丽 茹仙古丽 祖丽胡玛 阿孜古丽 巴哈尔古丽 古丽巴哈尔 热娜古丽 艾孜孜 伊力哈木 肉孜 塔依尔 斯迪克 麦麦提明 阿迪力江""".split()
TIBETAN = """扎西 次仁 顿珠 平措 旺堆 格桑 拉姆 央金 卓嘎 白玛 德吉 仁青 达瓦 尼玛 索朗 强巴 罗布 曲珍 益西 丹增 多吉 边巴 普布 贡布 措姆 才让 卓玛 加措 南杰 巴桑""".split()
MONGOL = """巴特尔 呼和 朝鲁 苏和 那日苏 乌云其其格 娜仁花 萨仁高娃 斯琴高娃 格日勒 宝音图 哈斯 额尔敦 图雅 敖登 布和 那仁满都 巴雅尔 阿拉腾 乌力吉 其木格 通拉嘎 孟根 特木尔 苏布德 塔娜""".split()
OTHER = """阿牛木呷 吉克阿衣 沙马拉且 的日木果 阿苦里格 曲比石布 马海阿呷 叶尔波力 努尔兰 哈那提 巴合提 阿依波塔 加娜尔 叶尔肯 木拉提 别克 韩索菲亚 马尔撒 岩温罕 玉香罕 依波 波罕金 普云措
金成哲 朴善花 崔美玉 李顺姬""".split()

# Names that are words as well.
WORDS = """云飞扬 雷鸣 金鑫 石磊 田野 江河 马骏 高山 严冬 白桦 万里 钱进 周密 安康 向阳 高兴 黄山 马上行 温暖 康健 牛犇 石坚 常胜 方正 方向 明亮 高原 成功 易水寒 雷雨 江山 舒畅 平凡 平安
安静 岳阳 苗壮 苗圃 花朵 梅花 丁香 杨柳 柳絮 杜鹃 芦苇 叶片 林海 林立 甘甜 甘露 洪亮 洪福 鲁迅行 齐全 齐心 余庆 余音 左右 尚可 单纯 终成 全胜 全民 段落 步步 时光 时运 桂花 关键 关山 关键行
汤圆圆 童话 童心 路通 路遥 祝福 祝贺 项目 车前 冷静 冷雨 连胜 连心 龙腾 龙飞 凤鸣 燕飞 万紫 千里 华夏 宋词 唐诗 唐糖 夏雨 夏至 秋实 春晓 冬雪 雪莲 霜降 风华 景致 景色""".split()

NAMES = """这个是{name}给我弄的
我昨天跟{name}说过了
{name}一直没回我
上门的叫{name}
{name}他不在
那是{name}的手机
喊{name}来听一下
你查{name}的单子
我要表扬{name}
是不是{name}接的单
{name}跟我讲的很清楚
{name}在不在
我是{name}
这里是{name}
你好{name}
呃{name}吧好像
当班的是{name}
网厅显示的是{name}
我记得是{name}办的
麻烦转{name}
{name}态度特别好
就说{name}找他
{name}没给我办成
我把钱转给{name}了
{name}让我打这个电话的
这个卡{name}在用
户名改成{name}
原来是{name}后来换成{name}
{name}欠的钱
不是{name}是{name}
套餐是{name}推荐的
{name}把我拉黑了
那个{name}啊上次来修的
接线的{name}
你们{name}说可以
我问{name}他也不知道
工单派到{name}那里了
{name}，{phone}
{name} {phone}
{name}电话{phone}
我和{name}是一起的
一个叫{name}一个叫{name}
听{name}说的
前面那个{name}没说清楚
{name}来了没有
帮{name}缴个费
我同事{name}也办了
邻居{name}家也没网
隔壁{name}家的网好好的
{name}收了我三百块
被{name}骗了
请问是{name}吗
{name}对吧
对我就是{name}
我不是{name}
{name}下午到
预约{name}上门
{name}的身份证在我这里
{name}那张副卡
谁是{name}
{name}姐你好
替{name}问一下
从{name}名下转过来
值班的{name}
你帮我找找{name}
班组长{name}说的
@{name} 看一下
{name} 已处理
已联系{name}
由{name}跟进
转给{name}了
{name}回访过
已让{name}上门
备注找{name}
{name}代办
{name}签收
我爸{name}
我妈{name}
我姐{name}的卡
我哥叫{name}
我老婆{name}
我先生{name}
我表弟{name}
我姑姑{name}
孩子叫{name}
公公{name}
大舅{name}
我徒弟{name}
房东{name}
老板娘{name}""".splitlines()

FORMS = """姓名{any}
名字{any}
姓名：{any}
我叫{any}
他叫{any}
叫{any}
户主{any}
机主{any}
机主是{any}
客户{any}来电
开户人{any}
证件上是{any}
身份证名字{any}
户口本写的是{any}
合同是{any}签的
登记的名字{any}
我名字是{any}
联系人{any}
收件人{any}
过户给{any}
法人{any}
申请人：{any}
经办人{any}
我是{any}
是{any}吗
您是{any}
我老公{any}
我媳妇{any}
我妈妈{any}
我儿子{any}
我女儿{any}
{any}女士
{any}先生
{any}您好
{any}的卡
{any}本人
使用人{any}
缴费人{any}
缴费的人是{any}
护照姓名{any}
营业执照上是{any}
发票写{any}
改名叫{any}
原名{any}
曾用名{any}
全名{any}
人名{any}
系统里登记成{any}""".splitlines()

PLACES = """我住{estate}
我家住{estate}
在{estate}
我们{estate}
{estate}的
{estate}这边
{estate}这里没有网
小区叫{estate}
小区名{estate}
小区{estate}
是{estate}
我是{estate}的业主
{estate}能不能装宽带
{estate}有没有资源
{estate}断网了
{estate}整个小区都没信号
家在{estate}
房子在{estate}
我搬到{estate}了
从{estate}搬到{estate}
{estate}二期
{estate}里头
{estate}门口见
地址就是{estate}
住{estate}的
到{estate}来
师傅来{estate}
{estate}那个小区
{estate}附近
我租的房子在{estate}
我妈住{estate}
{estate}{room}
{estate}{room}没网
我是{room}的
{room}
{room}没信号
{room}这一户
我家{room}
门牌号{room}
在{room}
楼栋号{room}
就是{room}的光猫坏了
住{room}的
送到{room}
到{room}来修
{estate}啊{room}
地址{estate}{room}{name}
{street}{estate}{room}
{street}
住{street}
我在{street}
{street}旁边{estate}
{street}那个{estate}
{village}
住{village}
我们{village}没信号
{village}能装宽带吗
{village}{way}
{street}{way}
{estate}{way}
住{street}{way}
我家在{village}{way}
在{estate}{way}
{street}{estate}{way}
{estate}{room}{way}
{village}进去{way}
师傅到{village}{way}来
从{street}进去{way}
装到{estate}{way}
{estate}嗯{room}
{street}呃{estate}嗯{room}
{room}{way}""".splitlines()

# Ways that only neighbours know.
WAYS = """里头 后面 对面 旁边 东头 西头 村口 桥头 坡上 院子里 院里头 后门进来 大门口 最里面那家 最里头那栋 第二家 第三户 第四排 后面第二排 路口第一家 靠河边那家 靠马路那栋 贴瓷砖那家
小卖部旁边 小学后面 村委会对面 祠堂边上 水塔底下 菜市场楼上 幼儿园后面那栋 药店楼上 加油站后面 卫生室隔壁 一楼门面 顶楼 四楼左手 三楼右边 二楼靠里 五楼东户 六楼西户 一楼带院子那户 东边那个单元 最西头那个单元
左手第二栋 右手边第一栋三楼 二楼最里面那间 门口有棵大树那家 红色大门那家 靠铁路那排 拐进去第二个门 那栋四层小楼""".split()

CODES = """验证码{code}
验证码是{code}
码是{code}
收到了{code}
{code}对吗
短信验证码{code}
你报一下{code}
六位数{code}
那个码{code}
发来的是{code}
刚发的验证码{code}
我念给你听{code}
短信里的数字{code}
短信上显示{code}
动态密码{code}
校验码{code}
授权码{code}
登录码{code}
服务密码{code}
密码{code}
密码改成{code}
新密码{code}
原密码是{code}
宽带密码{code}
无线密码{code}
wifi密码{word}
登录密码{word}
密码是{word}
账号密码都是{word}
初始密码{word}
取件码{pick}
提货码{pick}
兑换码{word}
口令{word}
暗号{word}
激活码{word}
邀请码{word}
微信{word}
我微信{word}
加我微信{word}
微信号{word}
微信号是{word}
VX {word}
v {word}
wx：{word}
薇信{word}
加v{word}
威信号{word}
q{qq}
QQ{qq}
我q号{qq}
扣扣号{qq}
企鹅号{qq}
加我{qq}
邮箱{mail}
发到{mail}
电子邮箱{mail}
账单发{mail}
我邮箱是{mail}
{mail}
抖音{word}
支付宝账号{word}
账号{word}
宽带账号{word}
用户名{word}""".splitlines()

PHONES = """{phone}
我号码{phone}
打{phone}
打这个{phone}
回我{phone}
就是{phone}
{phone}这个号
电话{phone}
联系{phone}
手机{phone}
另外一个{phone}
{phone}你记一下
座机{line}
家里电话{line}
固话{line}
{line}打不通
我报给你{phone}
号是{phone}对
车牌{plate}
车牌号{plate}
我车{plate}
{plate}
车{plate}
是{plate}的车主
身份证{idcard}
证件号{idcard}
{idcard}
卡号{card}
银行卡{card}
{card}
打到{card}""".splitlines()

BIRTHS = """我{birth}的
我是{birth}的
{birth}出生
{birth}生的
生日{birth}
生日是{birth}
出生日期{birth}
出生{birth}
我妈{birth}生的
老人{birth}的
孩子{birth}的
身份证上{birth}
属{xzodiac}{birth}
{birth}属{xzodiac}
您是{birth}的对吧
核对生日{birth}
我爸是{birth}生人""".splitlines()

# Nothing in these is personal.
CLEAN = """账单日{xday}
账单时间{xday}
出账日期{xday}
扣费日期{xday}
缴费时间{xday}
有效期{xday}
生效日期{xday}
受理时间{xday}
登记时间{xday}
开户日期{xday}
套餐有{xprices}
有{xprices}几档
{xprices}这些都有吗
{xprices}哪个好
资费{xprices}
月租{xprices}的
我住{xhome}
我们是{xhome}
住的{xhome}信号不好
{xhome}能装宽带吗
在{xhome}
{xhome}
{xday}入网的
{xday}开的户
{xday}办的
{xday}装的宽带
{xday}到现在
从{xday}开始
{xday}扣的钱
合约到{xday}
{xday}到期
{xday}之前
{xday}以后
{xday}生效
{xday}打的电话
账期{xday}
我用了好多年了{xday}的老用户
{xday}就在用你们的号
我{xday}入的网
我{xday}就用你们了
我{xday}开的卡
{xday}装的固定电话
{xday}签的合同
{xday}报修的
预约的{xday}
{xday}来装机
{xday}那个月的账单
{xday}停机
{xday}升级
{xday}活动截止
{xday}换的光猫
{xday}的发票
这个套餐{xday}下架
{xday}没信号
工单{xorder}
单号{xorder}
订单{xorder}
订单号是{xorder}
快递{xorder}
流水号{xorder}
受理号{xorder}
编号{xorder}
投诉单{xorder}
批号{xorder}
协议号{xorder}
发票号{xorder}
设备号{xorder}
串码{xorder}
错误码{xsmall}
错误代码{xsmall}
报错{xsmall}
频道{xsmall}
端口{xsmall}
工号{xsmall}
我是{xsmall}号
我是{xsmall}号客服
尾号{xsmall}
后四位{xsmall}
排号{xsmall}
{xsmall}元
{xsmall}块
{xsmall}分钟
{xsmall}兆
{xsmall}M
{xsmall}G
打{xservice}
{xservice}打不通
拨{xservice}
{xservice}
{xservice}的短信
{xservice}说的
我打了{xservice}
{xword}
{xword}
{xword}
{xword}的
{xword}了
{xword}吧
都{xword}
不{xword}
就{xword}
说{xword}
太{xword}
给我{xword}
是{xword}
叫{xword}
我是{xword}
你们{xword}
这个{xword}
那个{xword}
没有{xword}
{xword}不行
{xword}怎么办
{xword}呢
什么{xword}
找{xword}
让{xword}
{xword}说
{xword}来
客户{xword}
机主{xword}
{xcity}
我在{xcity}
{xcity}的号
{xcity}信号不好
{xcity}{xpublic}
{xpublic}
{xpublic}没信号
在{xpublic}
{xpublic}那里
{xcity}人
去{xcity}
{xpublic}附近
{xpublic}几点开门
{xbrand}
{xbrand}多少钱
我要办{xbrand}
{xbrand}怎么取消
我用的{xbrand}
{xbrand}套餐
{xbrand}的流量""".splitlines()

CITIES = "长春 吉林 石家庄 保定 太原 大同 呼和浩特 包头 沈阳 大连 哈尔滨 徐州 宁波 温州 合肥 芜湖 福州 厦门 南昌 赣州 济南 青岛 洛阳 武汉 宜昌 株洲 深圳 东莞 佛山 南宁 桂林 海口 三亚 重庆 成都 绵阳 贵阳 遵义 昆明 大理 拉萨 西安 兰州 西宁 银川 乌鲁木齐 江北 江宁区 金水区 雁塔区 武侯区 余杭 白云区 海淀 黄埔 安康 万州 文山 高邮 常德 汤阴 鲁山 钟祥 应城 连州 单县 施秉 费县 苗栗 温江 龙岗 石柱".split()
PUBLIC = "中心医院 第一中学 师范大学 体育馆 汽车站 高铁站 机场 地铁站 步行街 步行街营业厅 中山路营业厅 大润发 万象城 商场 超市 派出所 政务大厅 旗舰店 学校 公司 工厂 工地 办公室 写字楼 车库 楼道 楼顶 阳台 客厅 卧室 厨房 二楼 五楼 十六楼 一楼大厅 村口 山上 景区 高速服务区 隧道 小区 老家 镇上 县城 乡下 市区 郊区 体育场 公园 图书馆 食堂 宿舍 教室 医院 火车上 地铁里 胜利路营业厅 城东营业厅".split()
BRANDS = "大流量卡 星卡 雪糕卡 孝心卡 冰激凌 全家福 融合套餐 随心选 定向流量包 王卡 银卡会员 金卡 钻石卡 爱家套餐 智慧家庭 云电脑 云盘 宽带电视 咪咕音乐 优酷会员 抖音包 游戏加速包 国际漫游包 来电名片 彩印 和留言 亲情号 校园卡 无忧卡 月租宝 权益包 红包 向日葵 钢铁侠 安全管家 成长守护 万年历 路由器 中兴光猫 贝尔光猫 小米路由 荣耀手机 苹果手机 红米 康佳电视 海信电视 汤姆猫 石头机器人 雷鸟电视".split()
HOMES = "高楼层 老小区 新小区 新建小区 别墅 电梯房 楼梯房 城中村 公寓楼 单位宿舍 回迁小区 安置小区 封闭小区 农村自建房 顶楼 地下室 出租屋 城乡结合部 步梯楼 小高层 大平层 合租房 工地板房 学校宿舍 大型小区 高档小区 商业小区 低层 高层 多层 平房 四合院 老楼 新楼 单身公寓 集体宿舍".split()
SERVICES = "10010 10000 10099 10011 12300 12321 12381 12320 12306 95588 95533 95566 95559 96110 110 120 114 11185 4008823823 400-889-8899 一万号 幺零零幺零 幺零零零零 幺幺四 一二三二一 九五五三三".split()
ZODIAC = list("鼠牛虎兔龙蛇马羊猴鸡狗猪")


def digits(rng, many, spoken):
    text = "".join(rng.choice("0123456789") for _ in range(many))
    return "".join("幺" if c == "1" and rng.random() < 0.85 else DIGITS[int(c)] for c in text) if spoken else text


def split(rng, text, sizes, marks):
    """Cut into groups with a mark between them."""
    out, at = [], 0
    mark = rng.choice(marks)
    for size in sizes:
        out.append(text[at:at + size])
        at += size
    return mark.join([*out, text[at:]] if at < len(text) else out)


def phone(rng):
    spoken = rng.random() < 0.6
    head = "1" + rng.choice("356789") + rng.choice("0123456789")
    tail = "".join(rng.choice("0123456789") for _ in range(8))
    if spoken and rng.random() < 0.2:
        # «三个七», «四个零»
        digit, many = rng.choice(DIGITS), rng.choice([3, 4])
        rest = digits(rng, 8 - many, True)
        cut = rng.randrange(len(rest) + 1)
        head = say(rng, head)
        return head + rest[:cut] + DIGITS[many] + "个" + digit + rest[cut:]
    text = say(rng, head + tail) if spoken else head + tail
    marks = ["", "", "", "嗯", "啊", " ", ",", "然后", "、", "那个"] if spoken else ["", "", " ", "-", ".", "－"]
    if not spoken and rng.random() < 0.15:
        return " ".join(text)
    if not spoken and rng.random() < 0.15:
        return "".join({"0": rng.choice("oO"), "1": rng.choice("lI")}.get(c, c) if rng.random() < 0.6 else c for c in text)
    return split(rng, text, rng.choice([[3, 4, 4], [3, 4, 4], [4, 4, 3], [3, 3, 5], [5, 6]]), marks)


def say(rng, text):
    one = "幺" if rng.random() < 0.85 else "一"
    radio = rng.random() < 0.06
    table = dict(zip("0123456789", "洞幺两三四五六拐八勾" if radio else "零" + one + "二三四五六七八九"))
    return "".join(table.get(c, c) for c in text)


def line(rng):
    text = rng.choice(["010", "021", "028", "0371", "0531", "0772", "0898", "025", "0311"]) + rng.choice("2345678") + digits(rng, rng.choice([6, 7]), False)
    code = 3 if text[1] in "12" else 4
    if rng.random() < 0.5:
        return say(rng, split(rng, text, [code], ["", "", "嗯", " "]))
    return split(rng, text, [code], ["-", "", " ", "－"])


def plate(rng):
    body = "".join(rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ" if rng.random() < 0.25 else "0123456789") for _ in range(rng.choice([5, 5, 5, 6])))
    spoken = rng.random() < 0.35
    body = say(rng, body) if spoken else body
    return rng.choice("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼") + rng.choice("ABCDEFGHJK") + rng.choice(["", "", "·", " "]) + body


def idcard(rng):
    day = f"{rng.randrange(1940, 2012)}{rng.randrange(1, 13):02}{rng.randrange(1, 29):02}"
    text = rng.choice(["110105", "320102", "330106", "410122", "420106", "430102", "440305", "510104", "610113", "370202"]) + day + digits(rng, 3, False) + rng.choice("0123456789X")
    if rng.random() < 0.45:
        return say(rng, text).replace("X", rng.choice(["X", "叉", "x", "艾克斯"]))
    return split(rng, text, [6, 8, 4], ["", "", " ", "-"])


def card(rng):
    text = "62" + digits(rng, rng.choice([14, 17]), False)
    return say(rng, text) if rng.random() < 0.4 else split(rng, text, [4, 4, 4, 4], ["", " ", " "])


def number(rng, value):
    """How people say a number below a hundred."""
    if value < 10:
        return DIGITS[value]
    ten = "" if value < 20 else DIGITS[value // 10]
    return ten + "十" + (DIGITS[value % 10] if value % 10 else "")


def date(rng, first, last):
    year, month, day = rng.randrange(first, last), rng.randrange(1, 13), rng.randrange(1, 29)
    how = rng.randrange(9)
    short = rng.random() < 0.5 and year < 2000
    spoken = "".join(DIGITS[int(c)] for c in str(year)[2 if short else 0:])
    lunar = f"{rng.choice(['正', '腊', '冬', '二', '五', '八', '九'])}月{rng.choice(['初', '十', '廿'])}{rng.choice('一二三四五六七八九')}"
    return [
        f"{year}年{month}月{day}{rng.choice(['日', '号', ''])}", f"{year}-{month:02}-{day:02}", f"{year}{month:02}{day:02}",
        f"{spoken}年{number(rng, month)}月{number(rng, day)}{rng.choice(['号', '日', ''])}", f"{spoken}年{lunar}",
        f"{spoken}年{number(rng, month)}月", f"{year}年{month}月", f"{year}.{month}.{day}", f"{spoken}年{number(rng, month)}月份",
    ][how]


def room(rng):
    small = lambda high: rng.randrange(1, high)
    building, unit, flat = small(32), small(5), small(30) * 100 + small(7)
    spoken = rng.random() < 0.5
    n = (lambda value: number(rng, value)) if spoken else str
    f = say(rng, str(flat)) if spoken else str(flat)
    b = rng.choice(["栋", "号楼", "幢", "座", "号"])
    return rng.choice([
        f"{n(building)}{b}{f}", f"{n(building)}{b}{n(unit)}单元{f}", f"{n(building)}{b}{n(unit)}单元", f"{building}-{unit}-{flat}",
        f"{building}-{flat}", f"{rng.choice('ABCDE')}座{f}", f"{rng.choice('ABCDE')}{small(9)}{b}{f}", f"{f}室", f"{n(building)}{b}{n(unit)}单元{f}室",
        f"{n(unit)}单元{f}", f"{n(building)}{b}{n(unit)}门{f}", f"{n(building)}{b}{n(unit)}单元{n(small(8))}楼{rng.choice('东西中左右')}{rng.choice(['户', '门', ''])}",
        f"{rng.choice('梅兰竹菊松桃李')}{rng.choice(['园', '苑', '斋'])}{small(12)}{rng.choice(['栋', '舍', '号楼'])}{f}", f"{n(small(5))}期{n(building)}{b}{f}",
    ])


STEM = "建设 人民 长江 黄河 延安 团结 友谊 和平 新华 文化 健康 公园 府前 滨河 环城 学院 工业 迎宾 朝阳 民主 光明 凤凰 青年 龙泉 花园 北京 南京 中山 金沙 红星 兴业 望江 石桥 柳林 太平 双龙 永兴 大通 西湖 云山 东风 复兴".split()


def street(rng):
    n = rng.randrange(1, 400)
    value = say(rng, str(n)) if rng.random() < 0.3 else number(rng, n) if n < 100 and rng.random() < 0.5 else str(n)
    return rng.choice(STEM) + rng.choice(["东", "西", "南", "北", "一", "二", "", "", "", ""]) + rng.choice(["路", "路", "路", "街", "大道", "巷"]) + value + rng.choice(["号", "号", "号院", "弄"])


def village(rng):
    stem = rng.choice("张李王刘陈杨赵黄周吴石沙柳桃榆白黑上下大小新老东西南北") + rng.choice("家家家河山坪坡沟塘桥湾岭庄")
    team = rng.choice(["", f"{number(rng, rng.randrange(1, 16))}组", f"{rng.randrange(1, 16)}组", f"{number(rng, rng.randrange(1, 16))}队", f"{rng.randrange(1, 16)}社", f"{rng.randrange(1, 200)}号"])
    return rng.choice(["", rng.choice("清安永金龙") + rng.choice("河泉宁沙江") + rng.choice("镇乡")]) + stem + "村" + (team or "三组")


LATIN = "lan ming xiao yu chen wang zhao li sun hao fei tian mei qiu xin jie bo rui kai nan love happy cat baby sky star king dong feng ya ting min dan".split()


def word(rng):
    parts = rng.sample(LATIN, rng.choice([1, 2, 2]))
    mark = rng.choice(["", "", "_", "-", "下划线" if rng.random() < 0.5 else "_", "."])
    if rng.random() < 0.12:
        return "wxid_" + "".join(rng.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(14))
    tail = digits(rng, rng.choice([2, 3, 4, 4, 6, 8]), rng.random() < 0.2)
    text = mark.join(parts) + mark + tail
    return text.title() if rng.random() < 0.15 else text


def code(rng):
    if rng.random() < 0.12:
        return "".join(f"{rng.choice('三四两')}个{rng.choice(DIGITS)}" for _ in range(2))
    text = digits(rng, rng.choice([4, 6, 6, 6, 6, 8]), rng.random() < 0.5)
    return split(rng, text, [3, 3], [" ", "嗯", "-"]) if rng.random() < 0.15 else " ".join(text) if rng.random() < 0.1 else text


def mail(rng):
    at, dot = rng.choice([("@", "."), ("@", "."), ("艾特", "点"), ("艾特", "点"), ("圈a", "点"), (" at ", " dot "), ("at", "点"), ("小老鼠", "点"), (" 艾特 ", " 点 ")])
    host = rng.choice(["qq", "163", "126", "139", "189", "gmail", "outlook", "sina", "sohu", "foxmail", "yeah", "hotmail", "aliyun"])
    if at != "@" and host.isdigit() and rng.random() < 0.6:
        host = say(rng, host)
    user = word(rng) if rng.random() < 0.6 else digits(rng, rng.choice([7, 8, 9, 10]), at != "@" and rng.random() < 0.6)
    if at != "@":
        user = user.replace("_", rng.choice(["下划线", "杠", "_"])).replace("-", "横杠").replace(".", "点")
        user = " ".join(user) if rng.random() < 0.1 else user
    return user + at + host + dot + rng.choice(["com", "com", "com", "cn", "net"])


def people(rng, names, kind):
    if kind == "any" and rng.random() < 0.65:
        which = rng.randrange(5)
        if which == 0:
            return rng.choice(UYGHUR) + (rng.choice(["·", "", "•"]) + rng.choice(UYGHUR) if rng.random() < 0.35 else rng.choice(["", "", "江"]))
        if which == 1:
            return "".join(rng.sample(TIBETAN, rng.choice([1, 2, 2, 2])))
        if which in (2, 3):
            return rng.choice(MONGOL)
        return rng.choice(OTHER)
    if rng.random() < 0.15:
        return rng.choice(WORDS)
    return names.any(rng, rng.choice([2, 3, 3, 3]))


def filled(rng, names, words, slot):
    """What stands in a slot, and its kind; no kind for what is nobody's."""
    simple = {
        "phone": ("phone", phone), "line": ("phone", line), "plate": ("plate", plate), "idcard": ("id_card", idcard),
        "card": ("bank_card", card), "room": ("address", room), "street": ("address", street), "village": ("address", village),
        "word": ("account", word), "code": ("code", code), "mail": ("email", mail), "birth": ("birth_date", lambda rng: date(rng, 1936, 2016)),
        "qq": ("qq", lambda rng: digits(rng, rng.choice([8, 9, 9, 10]), rng.random() < 0.4)),
        "pick": ("code", lambda rng: f"{rng.choice('ABCKQ')}{rng.randrange(1, 20)}-{digits(rng, 4, False)}"),
        "way": ("address", lambda rng: rng.choice(["", "", rng.choice(WAYS)]) + rng.choice(WAYS)),
        "estate": ("address", lambda rng: rng.choice(ESTATES)),
        "xday": (None, lambda rng: date(rng, 1992, 2028)), "xzodiac": (None, lambda rng: rng.choice(ZODIAC)),
        "xorder": (None, lambda rng: (rng.choice(["", "SF", "JD", "YT"]) + "202" + digits(rng, rng.choice([9, 11, 13]), False))
                   if rng.random() < 0.7 else digits(rng, rng.choice([7, 8, 10, 12]), True)),
        "xsmall": (None, lambda rng: digits(rng, rng.choice([2, 3, 3, 4]), rng.random() < 0.4)),
        "xprices": (None, lambda rng: rng.choice([" ", "、", ",", " 或 ", "和", "/"]).join(
            sorted(rng.sample("8 9 18 19 29 39 49 58 69 79 88 99 109 119 128 129 139 159 169 198 199 239 269 299 359 399 599".split(), rng.choice([2, 3, 4, 5])), key=int))),
        "xhome": (None, lambda rng: rng.choice(HOMES)),
        "xservice": (None, lambda rng: rng.choice(SERVICES)), "xword": (None, lambda rng: rng.choice(words)),
        "xcity": (None, lambda rng: rng.choice(CITIES)), "xpublic": (None, lambda rng: rng.choice(PUBLIC)),
        "xbrand": (None, lambda rng: rng.choice(BRANDS)),
    }
    if slot in ("name", "any"):
        return "name", people(rng, names, slot)
    kind, make = simple[slot]
    return kind, make(rng)


def fill(rng, names, words, frame):
    text, spans, at = "", [], 0
    for found in SLOT.finditer(frame):
        text += frame[at:found.start()]
        at = found.end()
        kind, value = filled(rng, names, words, found.group(1))
        if kind and spans and spans[-1][1] == len(text) and spans[-1][2] == kind == "address":
            spans[-1] = (spans[-1][0], len(text) + len(value), kind)
        elif kind:
            spans.append((len(text), len(text) + len(value), kind))
        text += value
    return text + frame[at:], spans, "frame"


def everyday():
    """Words that begin with a surname and are no names."""
    rows = (HERE / "surname_words.txt").read_text("utf-8").splitlines()
    return [word for row in rows if not row.startswith("#") for word in row.split()]


def lines(rng, names, words, copies):
    """Every frame so many times."""
    out = []
    for frames, weight in ((NAMES, 2), (FORMS, 2), (PLACES, 2), (CODES, 1), (PHONES, 1), (BIRTHS, 2), (CLEAN, 3)):
        out += [fill(rng, names, words, frame) for frame in frames for _ in range(copies * weight)]
    return out
