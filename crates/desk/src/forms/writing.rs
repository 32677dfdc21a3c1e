//! Forms as people write them: a line a group or item.
//!
//! ```text
//! # 业务能力
//! 告知处理时限 | 10 | 一票否决 | deadline_not_told
//! ```

use std::fmt::Write as _;

use tingxin_text::domain::{FormGroup, FormItem, Lang, Points, Rule};

use crate::DeskError;

/// Why a form cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormFault {
    /// A title is empty, too long or has line breaks.
    Title,
    /// The item of a line stands above the first group.
    NoGroup(usize),
    /// A line has no points, or none that can be given.
    NoPoints(usize),
    /// A line names what is neither a rule nor a knock-out.
    NoRule(usize),
    /// A group has no item.
    EmptyGroup(String),
    /// There is no item, or there are too many.
    Items,
    /// What the items add up to, in tenths of a point.
    Sum(u32),
}

impl FormFault {
    /// What is wrong, in a sentence.
    #[must_use]
    pub fn say(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Title, Lang::Zh) => "名称要有 1 至 60 个字，不要换行。".to_owned(),
            (Self::Title, Lang::En) => "A title has 1 to 60 characters and no line breaks.".to_owned(),
            (Self::NoGroup(line), Lang::Zh) => format!("第 {line} 行：项目前面要先有一行「# 分组名称」。"),
            (Self::NoGroup(line), Lang::En) => {
                format!("Line {line}: an item needs a group above it: # title.")
            }
            (Self::NoPoints(line), Lang::Zh) => {
                format!("第 {line} 行：名称后面写满分，例如「问候语规范 | 10」，最多一位小数。")
            }
            (Self::NoPoints(line), Lang::En) => {
                format!(
                    "Line {line}: the points stand behind the title, as in «title | 10», with one decimal at most."
                )
            }
            (Self::NoRule(line), Lang::Zh) => format!("第 {line} 行：既不是规则名称，也不是「一票否决」。"),
            (Self::NoRule(line), Lang::En) => {
                format!("Line {line}: neither a rule of this program nor «knock-out».")
            }
            (Self::EmptyGroup(title), Lang::Zh) => format!("分组「{title}」下面没有项目。"),
            (Self::EmptyGroup(title), Lang::En) => format!("The group «{title}» has no item."),
            (Self::Items, Lang::Zh) => "一张表要有 1 至 60 个项目。".to_owned(),
            (Self::Items, Lang::En) => "A form has 1 to 60 items.".to_owned(),
            (Self::Sum(tenths), Lang::Zh) => format!("各项满分合计 {} 分，应为 100 分。", tenth(*tenths)),
            (Self::Sum(tenths), Lang::En) => {
                format!("The items add up to {} points, not to 100.", tenth(*tenths))
            }
        }
    }
}

fn tenth(tenths: u32) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

impl From<FormFault> for DeskError {
    fn from(fault: FormFault) -> Self {
        let pointer = if fault == FormFault::Title { "/title" } else { "/groups" };
        Self::field(pointer, fault.say(Lang::En))
    }
}

/// What makes an item one that loses everything, in both languages.
const KNOCK_OUT: [&str; 2] = ["一票否决", "knock-out"];

/// Reads a form: `# group`, then `item | points`, with `一票否决` (`knock-out`) and the name of a rule behind further bars.
///
/// # Errors
/// [`FormFault`] names the line.
pub fn parse_form(text: &str) -> Result<Vec<FormGroup>, FormFault> {
    let mut groups: Vec<FormGroup> = Vec::new();
    for (number, line) in (1..).zip(text.lines().map(str::trim)) {
        if line.is_empty() {
            continue;
        }
        if let Some(title) = line.strip_prefix(['#', '＃']) {
            groups.push(FormGroup { title: title.trim().to_owned(), items: Vec::new() });
            continue;
        }
        let group = groups.last_mut().ok_or(FormFault::NoGroup(number))?;
        let mut cells = line.split(['|', '｜']).map(str::trim);
        let title = cells.next().unwrap_or_default().to_owned();
        let full = cells.next().and_then(Points::parse).filter(|full| *full != Points::default());
        let full = full.ok_or(FormFault::NoPoints(number))?;
        let mut item = FormItem { key: String::new(), title, full, knock_out: false, rule: None };
        for cell in cells.filter(|cell| !cell.is_empty()) {
            if KNOCK_OUT.contains(&cell) {
                item.knock_out = true;
            } else {
                let rule = Rule::ALL.iter().find(|rule| rule.as_str() == cell || rule.zh() == cell);
                item.rule = Some(*rule.ok_or(FormFault::NoRule(number))?);
            }
        }
        group.items.push(item);
    }
    Ok(groups)
}

/// A form as [`parse_form`] reads it.
#[must_use]
pub fn write_form(groups: &[FormGroup]) -> String {
    let mut text = String::new();
    for group in groups {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "# {}", group.title);
        for item in &group.items {
            let _ = write!(text, "{} | {}", item.title, item.full);
            if item.knock_out {
                let _ = write!(text, " | {}", KNOCK_OUT[0]);
            }
            if let Some(rule) = item.rule {
                let _ = write!(text, " | {}", rule.as_str());
            }
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_a_bad_line_is_named() {
        let text = "# 规范\n问候 | 40\n\n# 解决\n告知时限 | 60 | 一票否决 | deadline_not_told\n";
        let groups = parse_form(text).unwrap();
        assert_eq!(parse_form(&write_form(&groups)).unwrap(), groups);
        let last = &groups[1].items[0];
        assert_eq!((last.knock_out, last.rule), (true, Some(Rule::DeadlineNotTold)));
        assert_eq!(parse_form("＃ 组\n项｜5.5｜未告知时限").unwrap()[0].items[0].full.tenths(), 55);

        for (wrong, line) in
            [("问候 | 4", "Line 1"), ("# 组\n问候", "Line 2"), ("# 组\n项 | 5 | 乱写", "Line 2")]
        {
            let refused = parse_form(wrong).unwrap_err().say(Lang::En);
            assert!(refused.starts_with(line), "{refused}");
        }
    }
}
