//! Who may do what. Duties are kept apart: whoever manages accounts reads no transcripts, and
//! whoever audits changes nothing.

use super::closed_set;

closed_set! {
    /// What a person or a program is, which decides what it may do.
    Role {
        /// Works off flagged contacts.
        Reviewer => "reviewer", "质检员";
        /// Coaches staff.
        Trainer => "trainer", "培训师";
        /// Watches a service while it happens.
        Supervisor => "supervisor", "主管";
        /// Sees their own released results.
        Staff => "staff", "一线员工";
        /// Manages accounts and keys; reads no transcripts.
        Admin => "admin", "管理员";
        /// Reads the audit log; changes nothing.
        Auditor => "auditor", "审计员";
        /// A program that pushes contacts in and pulls results out.
        Integrator => "integrator", "系统对接";
        /// A program that reads figures of staff, teams and queues, but no contacts.
        Analyst => "analyst", "分析员";
        /// A program that scrapes metrics.
        Monitor => "monitor", "监控";
        /// Whoever tries the demo out: what all programs may do, in one key. No other key can have it.
        Demo => "demo", "演示";
    }
}

closed_set! {
    /// One thing that may be done.
    Permission {
        /// Send contacts.
        ContactsWrite => "contacts:write", "提交服务记录";
        /// Read contacts and analyses, without personal data.
        ContactsRead => "contacts:read", "查看服务记录";
        /// Read flags.
        FlagsRead => "flags:read", "查看标记";
        /// Confirm and reject flags.
        FlagsJudge => "flags:judge", "复核标记";
        /// Read statistics of staff and teams.
        StaffRead => "staff:read", "查看员工统计";
        /// Read the own results.
        StaffOwn => "staff:own", "查看本人结果";
        /// Agree and end coaching.
        CoachingWrite => "coaching:write", "安排辅导";
        /// Keep the catalogue of trainings.
        TrainingsWrite => "trainings:write", "维护培训目录";
        /// See to care after abuse.
        CareWrite => "care:write", "处理关怀任务";
        /// Read good examples, without anybody's name.
        LearningRead => "learning:read", "查看学习例子";
        /// Declare and take back incidents.
        IncidentsWrite => "incidents:write", "登记故障时段";
        /// Read appeals: staff their own, all others those of their team.
        AppealsRead => "appeals:read", "查看申诉";
        /// Answer appeals as the lead of a team, or hand them to a second reviewer.
        AppealsForward => "appeals:forward", "处理申诉";
        /// Read cases: who owes which customer an answer.
        CasesRead => "cases:read", "查看回访工单";
        /// Open, take, hand on, close and reopen cases.
        CasesWrite => "cases:write", "处理回访工单";
        /// Read metrics.
        MetricsRead => "metrics:read", "查看指标";
        /// Read the description of the API.
        ApiRead => "api:read", "查看接口说明";
        /// Manage accounts.
        UsersManage => "users:manage", "管理账号";
        /// Manage API keys.
        KeysManage => "keys:manage", "管理密钥";
        /// Look after contacts that were set aside.
        QueueManage => "queue:manage", "处理已隔离的服务记录";
        /// See how the random sample stands and how well the rules do; shows no text.
        QualityRead => "quality:read", "查看抽检和规则";
        /// Plan the random sample, switch rules.
        QualityManage => "quality:manage", "管理抽检和规则";
        /// Read the audit log.
        AuditRead => "audit:read", "查看审计";
        /// Erase people, hold what must stay, see what is older than its period; shows no text.
        PrivacyManage => "privacy:manage", "管理个人信息删除";
        /// Hand over what is held about a person.
        PrivacyExport => "privacy:export", "导出个人信息";
        /// Have an own file analysed without storing it.
        FilesTry => "files:try", "试用自己的文件";
        /// Read the feed of events.
        EventsRead => "events:read", "读取事件";
        /// Say to whom events and alerts are sent.
        HooksManage => "hooks:manage", "管理消息推送";
        /// Approve or refuse that somebody takes words of contacts out.
        ExportsApprove => "exports:approve", "审批导出";
        /// Use the console and manage the own session.
        ConsoleUse => "console:use", "使用控制台";
    }
}

closed_set! {
    /// What somebody reads for. It follows from what they ask and with which credentials; nobody is
    /// asked.
    Purpose {
        /// To judge contacts.
        Review => "review", "复核";
        /// To help staff and teams.
        Coaching => "coaching", "辅导";
        /// To know the own results.
        Own => "own", "查看本人结果";
        /// To check who did what.
        Audit => "audit", "审计";
        /// To hand it to another system: every read with a key.
        Api => "api", "系统对接";
        /// To keep a copy outside the database.
        Export => "export", "导出";
    }
}

impl Permission {
    /// What a person reads for who uses this permission; `None` where nothing of anybody is read.
    #[must_use]
    pub const fn purpose(self) -> Option<Purpose> {
        match self {
            Self::ContactsRead | Self::FlagsRead | Self::AppealsRead | Self::CasesRead | Self::EventsRead => {
                Some(Purpose::Review)
            }
            Self::StaffRead | Self::CareWrite | Self::LearningRead => Some(Purpose::Coaching),
            Self::StaffOwn => Some(Purpose::Own),
            Self::AuditRead => Some(Purpose::Audit),
            Self::PrivacyExport => Some(Purpose::Export),
            // Whoever sends a contact may wait for its analysis.
            Self::ContactsWrite => Some(Purpose::Api),
            Self::FlagsJudge
            | Self::CoachingWrite
            | Self::TrainingsWrite
            | Self::IncidentsWrite
            | Self::AppealsForward
            | Self::CasesWrite
            | Self::MetricsRead
            | Self::ApiRead
            | Self::UsersManage
            | Self::KeysManage
            | Self::PrivacyManage
            | Self::QueueManage
            | Self::QualityRead
            | Self::QualityManage
            // Nothing stored is read: whoever tries a file has brought it.
            | Self::FilesTry
            | Self::HooksManage
            | Self::ExportsApprove
            | Self::ConsoleUse => None,
        }
    }
}

const INTEGRATOR: [Permission; 7] = [
    Permission::ContactsWrite,
    Permission::ContactsRead,
    Permission::FlagsRead,
    Permission::CasesRead,
    Permission::CasesWrite,
    Permission::EventsRead,
    Permission::ApiRead,
];

/// What every program may, and reading appeals.
const DEMO: [Permission; 11] = [
    Permission::ContactsWrite,
    Permission::ContactsRead,
    Permission::FlagsRead,
    Permission::StaffRead,
    Permission::QualityRead,
    Permission::AppealsRead,
    Permission::CasesRead,
    Permission::CasesWrite,
    Permission::EventsRead,
    Permission::MetricsRead,
    Permission::ApiRead,
];

impl Role {
    /// What the role may do.
    #[must_use]
    pub const fn permissions(self) -> &'static [Permission] {
        use Permission as P;
        match self {
            Self::Reviewer => &[
                P::ContactsRead,
                P::FlagsRead,
                P::FlagsJudge,
                P::AppealsRead,
                P::CasesRead,
                P::CasesWrite,
                P::QualityRead,
                P::LearningRead,
                P::FilesTry,
                P::ApiRead,
                P::ConsoleUse,
            ],
            Self::Trainer => &[
                P::ContactsRead,
                P::FlagsRead,
                P::StaffRead,
                P::CoachingWrite,
                P::TrainingsWrite,
                P::CareWrite,
                P::LearningRead,
                P::QualityRead,
                P::ApiRead,
                P::ConsoleUse,
            ],
            Self::Supervisor => &[
                P::ContactsRead,
                P::FlagsRead,
                P::StaffRead,
                P::IncidentsWrite,
                P::CareWrite,
                P::LearningRead,
                P::QualityRead,
                P::QualityManage,
                P::AppealsRead,
                P::AppealsForward,
                P::CasesRead,
                P::CasesWrite,
                P::PrivacyExport,
                P::ExportsApprove,
                P::MetricsRead,
                P::ApiRead,
                P::ConsoleUse,
            ],
            Self::Staff => &[P::StaffOwn, P::AppealsRead, P::LearningRead, P::ConsoleUse],
            Self::Admin => &[
                P::UsersManage,
                P::KeysManage,
                P::QueueManage,
                P::TrainingsWrite,
                P::QualityRead,
                P::QualityManage,
                P::PrivacyManage,
                P::FilesTry,
                P::HooksManage,
                P::MetricsRead,
                P::ApiRead,
                P::ConsoleUse,
            ],
            Self::Auditor => &[P::AuditRead, P::ApiRead, P::ConsoleUse],
            Self::Integrator => &INTEGRATOR,
            Self::Analyst => &[P::StaffRead, P::QualityRead, P::CasesRead, P::ApiRead],
            Self::Monitor => &[P::MetricsRead],
            Self::Demo => &DEMO,
        }
    }

    /// Whether the role sees what a machine found and nobody has confirmed: whoever judges it, and the system that sent the
    /// contact, for the analysis is what it is answered with. All others see what a reviewer confirmed
    /// ([`FlagStatus::SHOWN_TO_OTHERS`](super::FlagStatus::SHOWN_TO_OTHERS)).
    #[must_use]
    pub fn sees_unconfirmed(self) -> bool {
        self.allows(Permission::FlagsJudge) || self.allows(Permission::ContactsWrite)
    }

    /// Whether the role may do it.
    #[must_use]
    pub fn allows(self, permission: Permission) -> bool {
        self.permissions().contains(&permission)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_manages_accounts_reads_no_transcripts() {
        for role in Role::ALL {
            let manages = role.allows(Permission::UsersManage) || role.allows(Permission::AuditRead);
            assert!(!(manages && role.allows(Permission::ContactsRead)), "{role}");
        }
    }

    #[test]
    fn nobody_but_reviewers_and_senders_sees_what_nobody_confirmed() {
        let seeing: Vec<Role> = Role::ALL.iter().copied().filter(|role| role.sees_unconfirmed()).collect();

        assert_eq!(seeing, [Role::Reviewer, Role::Integrator, Role::Demo]);
    }

    #[test]
    fn the_key_of_the_demo_may_what_every_program_may() {
        for program in [Role::Integrator, Role::Analyst, Role::Monitor] {
            for permission in program.permissions() {
                assert!(Role::Demo.allows(*permission), "{program} may {permission}");
            }
        }
    }

    #[test]
    fn whoever_erases_people_is_handed_no_text_and_whoever_is_erases_nobody() {
        for role in Role::ALL {
            let reads = role.allows(Permission::PrivacyExport) || role.allows(Permission::ContactsRead);
            assert!(!(reads && role.allows(Permission::PrivacyManage)), "{role}");
        }
    }
}
