//! Values of fields, and how they are read from cells and JSON and written there.

use std::sync::Arc;

use jiff::civil::Date;
use serde_json::Value as Json;

use super::written::{DateReading, digits_lost, hours_advice, number, opening_hours, read_date};
use super::{Choice, EmissionStage, Field, FieldType, TruckClass};
use crate::text::{Lang, Localized, Text, printable};

/// What a field holds. A field without a value is absent, never an empty string.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Text(Arc<str>),
    /// A key of the field's choices.
    Choice(&'static str),
    Integer(i64),
    Real(f64),
    Boolean(bool),
    Date(Date),
    Words(Arc<[Arc<str>]>),
    Reals(Arc<[f64]>),
}

/// Why a text or number is not a value of a field.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ValueError {
    #[error("not one of {}", .0.iter().map(|choice| choice.key).collect::<Vec<_>>().join(", "))]
    NotAChoice(&'static [Choice]),
    #[error("not a number")]
    NotANumber,
    #[error("not a whole number")]
    NotWhole,
    #[error("not between {min} and {max}")]
    OutOfRange { min: f64, max: f64 },
    #[error("not yes or no")]
    NotYesOrNo,
    #[error("not a date such as 2026-12-01")]
    NotADate,
    #[error("a month or a day of no year, not a date such as 2026-12-01")]
    PartOfADate,
    #[error("from one day to another, where the field holds one day")]
    SeveralDays,
    #[error("two dates are possible: which is the month? Write 2026-12-01")]
    TwoDates,
    #[error("a date with a remark, which the field cannot hold")]
    DateAndRemark,
    /// With what is wrong with them and what to write instead.
    #[error("{}", .0.en)]
    NotHours(Text),
    #[error("in a unit that this field does not have")]
    ForeignUnit,
    #[error("the spreadsheet lost the last digits; make the column text and fill it in again")]
    DigitsLost,
    #[error("of a type that this field cannot hold")]
    WrongType,
}

impl Localized for ValueError {
    fn zh(&self) -> String {
        match self {
            Self::NotAChoice(choices) => {
                let labels: Vec<&str> = choices.iter().map(|choice| choice.label.zh).collect();
                format!("不在可选值之内，可填：{}", labels.join("、"))
            }
            Self::NotANumber => "不是数字".to_owned(),
            Self::NotWhole => "不是整数".to_owned(),
            Self::OutOfRange { min, max } => format!("不在 {min} 到 {max} 之间"),
            Self::NotYesOrNo => "应填“是”或“否”".to_owned(),
            Self::NotADate => "不是日期，应写成 2026-12-01".to_owned(),
            Self::PartOfADate => "只有年月或月日，不是完整日期，应写成 2026-12-01".to_owned(),
            Self::SeveralDays => "是一段日期，此字段只能存一天".to_owned(),
            Self::TwoDates => "月、日先后无法确定，请写成 2026-12-01".to_owned(),
            Self::DateAndRemark => "日期之外还有文字，日期已写入，原文另存".to_owned(),
            Self::NotHours(advice) => advice.zh.to_owned(),
            Self::ForeignUnit => "单位与此字段不符".to_owned(),
            Self::DigitsLost => {
                "表格软件已丢失末几位数字，请将该列设为文本格式后重新填写".to_owned()
            }
            Self::WrongType => "此字段不能存这种类型的值".to_owned(),
        }
    }
}

/// Between the members of a list in a cell, as people write them.
pub const SEPARATORS: &[char] = &[';', '；', '、', ',', '，', '|', '/'];

impl Value {
    /// A text, kept once.
    pub fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    /// The text of [`Value::Text`] and [`Value::Choice`].
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Choice(key) => Some(key),
            _ => None,
        }
    }

    /// The number of [`Value::Integer`] and [`Value::Real`], in the unit of the field.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Integer(number) => Some(*number as f64),
            Self::Real(number) => Some(*number),
            _ => None,
        }
    }

    /// As a cell of a table shows it; [`Value::parse`] reads it back.
    pub fn to_cell(&self) -> String {
        match self {
            Self::Text(text) => text.to_string(),
            Self::Choice(key) => (*key).to_owned(),
            Self::Integer(number) => number.to_string(),
            Self::Real(number) => number.to_string(),
            Self::Boolean(truth) => truth.to_string(),
            Self::Date(date) => date.to_string(),
            Self::Words(words) => words.join(";"),
            Self::Reals(numbers) => {
                numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(";")
            }
        }
    }

    /// As JSON of the type that the schema names; [`Value::from_json`] reads it back.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Text(text) => Json::from(&**text),
            Self::Choice(key) => Json::from(*key),
            Self::Integer(number) => Json::from(*number),
            Self::Real(number) => json_number(*number),
            Self::Boolean(truth) => Json::from(*truth),
            Self::Date(date) => Json::from(date.to_string()),
            Self::Words(words) => words.iter().map(|word| Json::from(&**word)).collect(),
            Self::Reals(numbers) => numbers.iter().copied().map(json_number).collect(),
        }
    }

    /// A value as a person reads it.
    pub fn shown(&self, field: &Field, lang: Lang) -> String {
        match self {
            Self::Choice(key) => label_of(field.choices().unwrap_or_default(), key, lang),
            Self::Boolean(truth) => Self::yes_no(*truth).say(lang).to_owned(),
            Self::Words(words) => {
                let choices = field.choices().unwrap_or_default();
                let words: Vec<String> =
                    words.iter().map(|word| label_of(choices, word, lang)).collect();
                words.join("、")
            }
            other => other.to_cell(),
        }
    }

    /// What [`Value::Boolean`] is called.
    pub const fn yes_no(truth: bool) -> Text {
        if truth { Text::new("是", "yes") } else { Text::new("否", "no") }
    }

    /// Reads what a person or a file wrote into a field. `Ok(None)` for nothing.
    pub fn parse(field: &Field, text: &str) -> Result<Option<Self>, ValueError> {
        let text = &*printable(text.trim());
        if text.is_empty() {
            return Ok(None);
        }
        Ok(Some(match field.ty {
            FieldType::Phone if digits_lost(text) => return Err(ValueError::DigitsLost),
            FieldType::Text | FieldType::Phone => Self::text(text),
            FieldType::Hours => {
                let hours = opening_hours(text);
                Self::Text(hours.ok_or_else(|| ValueError::NotHours(hours_advice(text)))?.into())
            }
            FieldType::Integer { min, max } => integer(number(field, text)?, min, max)?,
            FieldType::Real { min, max } => real(number(field, text)?, min, max)?,
            FieldType::Boolean => Self::Boolean(truth(text).ok_or(ValueError::NotYesOrNo)?),
            FieldType::Date => Self::Date(date(text)?),
            FieldType::Choice(choices) => Self::Choice(choose(choices, text)?),
            FieldType::Choices(_) | FieldType::Words | FieldType::Reals { .. } => {
                return match text.strip_prefix('[') {
                    Some(_) => match serde_json::from_str::<Json>(text) {
                        Ok(list @ Json::Array(_)) => Self::from_json(field, &list),
                        _ => list(field, text.split(SEPARATORS)),
                    },
                    None => list(field, text.split(SEPARATORS)),
                };
            }
        }))
    }

    /// Reads a JSON value. Numbers and texts are taken for one another where that is exact.
    pub fn from_json(field: &Field, json: &Json) -> Result<Option<Self>, ValueError> {
        match (field.ty, json) {
            (_, Json::Null) => Ok(None),
            (FieldType::Boolean, Json::Bool(truth)) => Ok(Some(Self::Boolean(*truth))),
            (FieldType::Integer { min, max }, Json::Number(number)) => {
                integer(number.as_f64().unwrap_or(f64::NAN), min, max).map(Some)
            }
            (FieldType::Real { min, max }, Json::Number(number)) => {
                real(number.as_f64().unwrap_or(f64::NAN), min, max).map(Some)
            }
            (
                FieldType::Choices(_) | FieldType::Words | FieldType::Reals { .. },
                Json::Array(members),
            ) => {
                let members: Vec<String> = members.iter().map(plain).collect();
                list(field, members.iter().map(String::as_str))
            }
            (_, Json::String(text)) => Self::parse(field, text),
            (_, Json::Number(_) | Json::Bool(_)) => Self::parse(field, &json.to_string()),
            (_, Json::Array(_) | Json::Object(_)) => Err(ValueError::WrongType),
        }
    }
}

/// `500` rather than `500.0`.
fn json_number(number: f64) -> Json {
    let is_whole = number.fract() == 0.0 && number.abs() < 9e15;
    if is_whole { Json::from(number as i64) } else { Json::from(number) }
}

fn plain(json: &Json) -> String {
    json.as_str().map_or_else(|| json.to_string(), str::to_owned)
}

fn list<'a>(
    field: &Field,
    members: impl Iterator<Item = &'a str>,
) -> Result<Option<Value>, ValueError> {
    let members = members.map(str::trim).filter(|member| !member.is_empty());
    let value = match field.ty {
        FieldType::Reals { min, max } => {
            let numbers = members.map(|member| match real(number(field, member)?, min, max)? {
                Value::Real(number) => Ok(number),
                _ => Err(ValueError::NotANumber),
            });
            Value::Reals(numbers.collect::<Result<_, ValueError>>()?)
        }
        FieldType::Choices(choices) => {
            let mut keys: Vec<Arc<str>> = Vec::new();
            for member in members {
                let run = choose_run(choices, member)?;
                for key in run.iter().map(|choice| Arc::<str>::from(choice.key)) {
                    if !keys.contains(&key) {
                        keys.push(key);
                    }
                }
            }
            Value::Words(keys.into())
        }
        _ => Value::Words(members.map(Arc::from).collect()),
    };
    let is_empty = matches!(&value, Value::Words(words) if words.is_empty())
        || matches!(&value, Value::Reals(numbers) if numbers.is_empty());
    Ok((!is_empty).then_some(value))
}

fn choose(choices: &'static [Choice], word: &str) -> Result<&'static str, ValueError> {
    let exact = choices.iter().find(|choice| choice.key == word);
    exact
        .or_else(|| choices.iter().find(|choice| choice.is_called(word)))
        .map(|choice| choice.key)
        .ok_or(ValueError::NotAChoice(choices))
}

/// One value; or the run of them that a word names, where they have an order: 国三及以下 is 国零 to 国三,
/// 中型及以上 is 中型 and 重型.
fn choose_run(choices: &'static [Choice], word: &str) -> Result<&'static [Choice], ValueError> {
    let place = |word: &str| {
        let is_it = |choice: &Choice| choice.key == word || choice.is_called(word);
        choices.iter().position(is_it)
    };
    let refused = ValueError::NotAChoice(choices);
    if let Some(at) = place(word) {
        return choices.get(at..=at).ok_or(refused);
    }
    let is_ordered = choices == EmissionStage::CHOICES || choices == TruckClass::CHOICES;
    let word = word.strip_suffix("排放标准").unwrap_or(word).trim_end();
    let of = |endings: [&str; 3]| endings.into_iter().find_map(|ending| word.strip_suffix(ending));
    let down = of(["及以下", "（含）以下", "(含)以下"]).and_then(place).filter(|_| is_ordered);
    let up = of(["及以上", "（含）以上", "(含)以上"]).and_then(place).filter(|_| is_ordered);
    match (down, up) {
        (Some(last), _) => choices.get(..=last).ok_or(refused),
        (_, Some(first)) => choices.get(first..).ok_or(refused),
        (None, None) => Err(refused),
    }
}

fn real(number: f64, min: f64, max: f64) -> Result<Value, ValueError> {
    if !number.is_finite() {
        return Err(ValueError::NotANumber);
    }
    if (min..=max).contains(&number) {
        Ok(Value::Real(number))
    } else {
        Err(ValueError::OutOfRange { min, max })
    }
}

fn integer(number: f64, min: i64, max: i64) -> Result<Value, ValueError> {
    let Value::Real(number) = real(number, min as f64, max as f64)? else {
        return Err(ValueError::NotANumber);
    };
    if number.fract() == 0.0 {
        Ok(Value::Integer(number as i64))
    } else {
        Err(ValueError::NotWhole)
    }
}

fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "是" | "有" | "含" | "已" | "真" | "√" | "y" | "yes" | "true" | "t" | "1" | "1.0"
        | "在" | "已备案" => Some(true),
        "否" | "无" | "不含" | "未" | "没有" | "假" | "×" | "n" | "no" | "false" | "f" | "0"
        | "0.0" | "不在" | "未备案" => Some(false),
        _ => None,
    }
}

fn date(text: &str) -> Result<Date, ValueError> {
    match read_date(text) {
        DateReading::Day(day) => Ok(day),
        DateReading::DayAndMore(_) => Err(ValueError::DateAndRemark),
        DateReading::Range => Err(ValueError::SeveralDays),
        DateReading::Part => Err(ValueError::PartOfADate),
        DateReading::Ambiguous => Err(ValueError::TwoDates),
        DateReading::NoDate => Err(ValueError::NotADate),
    }
}

fn label_of(choices: &[Choice], key: &str, lang: Lang) -> String {
    let known = choices.iter().find(|choice| choice.key == key);
    known.map_or(key, |choice| choice.label.say(lang)).to_owned()
}
