//! Forms that a new installation can take over, as lines of [`super::parse_form`].

/// Titles and lines.
///
/// **Source**: written by the project after the items that quality teams of operators print: greeting and closing, attitude, finding
/// the matter, handling, telling what comes; for halls the eleven items of a covert inspection. Points are a proposal.
pub const SHIPPED: &[(&str, &str)] = &[
    (
        "热线通用质检表",
        "# 服务规范\n开头语、结束语规范 | 8\n语速、用语得当 | 8\n确认客户身份和诉求 | 9\n\
         # 服务态度\n耐心倾听，不打断 | 10\n语气友好，无不当用语 | 15 | 一票否决 | agent_lapse\n安抚不满的客户 | 10\n\
         # 业务能力\n业务解释准确 | 15\n处理方案有效 | 10\n\
         # 闭环\n告知处理时限 | 8 | deadline_not_told\n询问是否满意、是否还有问题 | 7 | satisfaction_not_asked\n",
    ),
    (
        "营业厅暗访表",
        "# 环境\n环境评价 | 8\nVI标识 | 11\n服务设施 | 10\n资料摆放 | 4\n区域划分 | 5\nVIP专区 | 3\n\
         # 人员\n仪表 | 6\n仪态 | 17\n\
         # 业务\n业务能力 | 14\n业务受理 | 12\n业务办理 | 10\n",
    ),
];
