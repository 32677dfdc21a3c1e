//! Why input is turned away, in words that its sender can act on.

use serde::Serialize;

/// One refused contact. Its neighbours in the same file are not affected.
///
/// The message never repeats text of the contact: it may hold personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// The file, or `-` for standard input; absent for a request body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Line of the file at which the contact starts, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// JSON pointer (RFC 6901) or column name of the field at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Stable name of the reason, for example `unknown_field`.
    pub code: &'static str,
    /// A sentence for people.
    pub message: String,
}

impl Refusal {
    /// A refusal without a place; [`Self::at`] and [`Self::in_file`] add one.
    #[must_use]
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { file: None, line: None, field: None, code, message: message.into() }
    }

    /// Names the field at fault.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Names the file and the line.
    #[must_use]
    pub fn in_file(mut self, file: &str, line: u64) -> Self {
        self.file = Some(file.to_owned());
        self.line = Some(line);
        self
    }

    /// What the code means in Chinese, for people; the message has the details and is English. None
    /// for a code that is not known here.
    #[must_use]
    pub fn zh(&self) -> Option<&'static str> {
        Some(match self.code {
            "invalid_json" => "不是完整的 JSON",
            "unknown_field" => "有不认识的字段",
            "missing_field" => "缺少必填的字段",
            "duplicate_field" => "字段重复",
            "invalid_value" => "内容不符合要求",
            "too_large" => "超过大小上限",
            "line_too_long" => "这一行太长",
            "empty_contact" => "没有可读的文字",
            "inconsistent" => "同一条服务记录的各行不一致",
            "invalid_encoding" => "文字编码无法识别",
            "ambiguous_speakers" => "分不清谁在说话，请用 --speakers 指明",
            "unsupported_format" => "不支持这种文件",
            "unknown_line" => "这一行没有说话人",
            "understood" => "读取方式",
            "left_out" => "有内容没有采用",
            "invalid_label" => "标注行有误",
            "no_contacts" => "没有找到服务记录",
            "skipped_file" => "按文件名跳过",
            "unreadable_file" => "文件打不开或读不完",
            "analysis_failed" => "分析时程序出错",
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_that_readers_give_has_its_chinese_sentence() {
        let codes = include_str!("../ingest/code.rs");
        let named: Vec<&'static str> = codes.lines().filter_map(|line| line.split('"').nth(1)).collect();

        assert!(named.len() >= 14, "{named:?}");
        for code in named {
            assert!(Refusal::new(code, "").zh().is_some(), "{code}");
        }
    }
}
