//! What was odd about a packet that was read all the same.

use std::fmt;

use crate::domain::Localized;

/// A deviation from HJ 212.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    LengthWrong {
        stated: usize,
        found: usize,
    },
    CrcLowerCase,
    CrcModbus,
    NoLineEnd,
    /// In GB 18030, where UTF-8 or ASCII is usual.
    Gb18030,
    /// Some bytes are neither.
    Undecodable,
    NoQn,
    NoFlag,
    /// Flag is no number.
    FlagUnreadable(String),
    /// PNUM and PNO are there or not, and bit 1 of Flag says otherwise.
    SplitUnclear,
    /// Neither 24 letters and digits nor, in the edition of 2005, 14 characters.
    OddMn,
    /// Keys in another order than QN, ST, CN, PW, MN, Flag, PNUM, PNO, RF.
    OtherOrder,
    NoCp,
    /// The data have no `&&` at their end.
    CpNotClosed,
    TrailingSemicolon,
    TimeWithMilliseconds,
    TimeUnreadable(String),
    /// A name without a field, and none of those that have none.
    BareName(String),
    /// No factor has a flag.
    Unflagged,
    /// Part of the packet that is no `key=value`.
    NoValue(String),
    /// The same field of a factor twice; the first is kept.
    Twice(String),
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LengthWrong { stated, found } => {
                write!(f, "the length says {stated}, the segment has {found} bytes")
            }
            Self::CrcLowerCase => write!(f, "the checksum is in lower case"),
            Self::CrcModbus => write!(f, "the checksum is right, but of the Modbus kind"),
            Self::NoLineEnd => write!(f, "no line end after the checksum"),
            Self::Gb18030 => write!(f, "the text is in GB 18030"),
            Self::Undecodable => write!(f, "some of the text is neither UTF-8 nor GB 18030"),
            Self::NoQn => write!(f, "QN is missing, so a repeated packet cannot be told by it"),
            Self::NoFlag => write!(f, "Flag is missing, so the edition is unknown"),
            Self::FlagUnreadable(text) => write!(f, "Flag `{text}` is no number from 0 to 255"),
            Self::SplitUnclear => write!(f, "PNUM and PNO do not agree with Flag"),
            Self::OddMn => {
                write!(f, "MN has neither 14 characters (2005) nor 24 letters and digits")
            }
            Self::OtherOrder => write!(f, "the keys are in another order"),
            Self::NoCp => write!(f, "there is no data area CP"),
            Self::CpNotClosed => write!(f, "the data area has no && at its end"),
            Self::TrailingSemicolon => write!(f, "a semicolon before the last &&"),
            Self::TimeWithMilliseconds => write!(f, "DataTime has milliseconds"),
            Self::TimeUnreadable(text) => write!(f, "DataTime `{text}` is no time"),
            Self::BareName(name) => write!(f, "`{name}` has no field such as -Rtd"),
            Self::Unflagged => write!(f, "no factor has a data flag"),
            Self::NoValue(text) => write!(f, "`{text}` is no key with a value"),
            Self::Twice(name) => write!(f, "`{name}` comes twice, the first is kept"),
        }
    }
}

impl Localized for Note {
    fn zh(&self) -> String {
        match self {
            Self::LengthWrong { stated, found } => {
                format!("长度写的是 {stated}，数据段实为 {found} 字节")
            }
            Self::CrcLowerCase => "校验码为小写".to_owned(),
            Self::CrcModbus => "校验码正确，但用的是 Modbus 算法".to_owned(),
            Self::NoLineEnd => "校验码后没有回车换行".to_owned(),
            Self::Gb18030 => "文字编码为 GB 18030".to_owned(),
            Self::Undecodable => "部分文字既非 UTF-8 也非 GB 18030".to_owned(),
            Self::NoQn => "缺 QN，无法据此识别重发".to_owned(),
            Self::NoFlag => "缺 Flag，标准版本未知".to_owned(),
            Self::FlagUnreadable(text) => format!("Flag“{text}”不是 0–255 的数"),
            Self::SplitUnclear => "PNUM、PNO 与 Flag 不一致".to_owned(),
            Self::OddMn => "MN 不是 14 位（2005 版）或 24 位字母数字".to_owned(),
            Self::OtherOrder => "字段顺序与标准不同".to_owned(),
            Self::NoCp => "没有数据区 CP".to_owned(),
            Self::CpNotClosed => "数据区末尾缺 &&".to_owned(),
            Self::TrailingSemicolon => "末尾 && 之前多一个分号".to_owned(),
            Self::TimeWithMilliseconds => "DataTime 带毫秒".to_owned(),
            Self::TimeUnreadable(text) => format!("DataTime“{text}”不是时间"),
            Self::BareName(name) => format!("“{name}”没有 -Rtd 之类的字段名"),
            Self::Unflagged => "所有因子都没有数据标记".to_owned(),
            Self::NoValue(text) => format!("“{text}”不是“名称=值”"),
            Self::Twice(name) => format!("“{name}”出现两次，取第一个"),
        }
    }
}
