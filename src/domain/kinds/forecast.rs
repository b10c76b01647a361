//! What somebody expects of the air of a day.

use super::{Definition, FieldType, Shape, Text, attachments, choice, choices, code, field, name};

choices! {
    /// The level that is expected.
    ForecastLevel of Forecast "level" {
        Excellent = choice("excellent", "优", "excellent"),
        Good = choice("good", "良", "good"),
        Light = choice("light", "轻度污染", "lightly polluted").also(&["轻度"]),
        Moderate = choice("moderate", "中度污染", "moderately polluted").also(&["中度"]),
        Heavy = choice("heavy", "重度污染", "heavily polluted").also(&["重度"]),
        Severe = choice("severe", "严重污染", "severely polluted").also(&["严重"]),
    }
}

/// 研判: what is expected of the air of a day, on what ground, and what is advised. Who says so and when
/// is said by the record itself; the day after it is held against what was measured
/// (`analysis::air::forecast`).
pub const FORECAST: Definition = Definition {
    key: "forecast",
    label: Text::new("研判", "Forecasts"),
    shape: Shape::Line,
    has_place: false,
    subkind: "level",
    fields: &[
        code(),
        name(),
        field("date", FieldType::Date, "日期", "Day").also(&["研判日期"]),
        // Of the daily mean of the district.
        field("pm25_from", FieldType::Real { min: 0.0, max: 2000.0 }, "PM2.5 下限", "PM2.5 from")
            .unit("µg/m³"),
        field("pm25_to", FieldType::Real { min: 0.0, max: 2000.0 }, "PM2.5 上限", "PM2.5 to")
            .unit("µg/m³"),
        field("level", FieldType::Choice(ForecastLevel::CHOICES), "级别", "Level"),
        field("hours", FieldType::Text, "高值时段", "High hours"),
        field("basis", FieldType::Text, "依据", "On what ground"),
        field("advice", FieldType::Text, "管控建议", "Advice").also(&["建议"]),
        field("note", FieldType::Text, "备注", "Note"),
        attachments(),
    ],
};
