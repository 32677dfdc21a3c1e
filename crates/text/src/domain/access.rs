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
        /// A program that scrapes metrics.
        Monitor => "monitor", "监控";
    }
}

closed_set! {
    /// One thing that may be done.
    Permission {
        /// Send contacts.
        ContactsWrite => "contacts:write", "提交接触";
        /// Read contacts and analyses, without personal data.
        ContactsRead => "contacts:read", "查看接触";
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
        /// Declare and take back incidents.
        IncidentsWrite => "incidents:write", "登记故障时段";
        /// Read metrics.
        MetricsRead => "metrics:read", "查看指标";
        /// Read the description of the API.
        ApiRead => "api:read", "查看接口说明";
        /// Manage accounts.
        UsersManage => "users:manage", "管理账号";
        /// Manage API keys.
        KeysManage => "keys:manage", "管理密钥";
        /// Look after contacts that were set aside.
        QueueManage => "queue:manage", "处理已隔离的接触";
        /// Read the audit log.
        AuditRead => "audit:read", "查看审计";
        /// Use the console and manage the own session.
        ConsoleUse => "console:use", "使用控制台";
    }
}

impl Role {
    /// What the role may do.
    #[must_use]
    pub const fn permissions(self) -> &'static [Permission] {
        use Permission as P;
        match self {
            Self::Reviewer => &[P::ContactsRead, P::FlagsRead, P::FlagsJudge, P::ApiRead, P::ConsoleUse],
            Self::Trainer => {
                &[P::ContactsRead, P::FlagsRead, P::StaffRead, P::CoachingWrite, P::ApiRead, P::ConsoleUse]
            }
            Self::Supervisor => &[
                P::ContactsRead,
                P::FlagsRead,
                P::StaffRead,
                P::IncidentsWrite,
                P::MetricsRead,
                P::ApiRead,
                P::ConsoleUse,
            ],
            Self::Staff => &[P::StaffOwn, P::ConsoleUse],
            Self::Admin => {
                &[P::UsersManage, P::KeysManage, P::QueueManage, P::MetricsRead, P::ApiRead, P::ConsoleUse]
            }
            Self::Auditor => &[P::AuditRead, P::ApiRead, P::ConsoleUse],
            Self::Integrator => &[P::ContactsWrite, P::ContactsRead, P::FlagsRead, P::ApiRead],
            Self::Monitor => &[P::MetricsRead],
        }
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
}
