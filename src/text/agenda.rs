use crate::analysis::agenda::{AgendaError, Fault};
use crate::domain::Lang;

/// What is wrong with the agenda of a meeting, and what may stand there.
pub fn agenda_error(lang: Lang, error: &AgendaError) -> String {
    match lang {
        Lang::En => error.to_string(),
        Lang::Zh => format!("会议议程模板第 {} 行：{}。", error.line, fault_zh(&error.fault)),
    }
}

fn fault_zh(fault: &Fault) -> String {
    match fault {
        Fault::Unknown { of, word, known } => {
            let known = if known.zh.is_empty() { "（尚无）" } else { &known.zh };
            format!("没有叫“{word}”的{}，可写：{known}", of.zh)
        }
        Fault::Outside(text) => format!("“{text}”不属于任何场景，请先写一行“## 场景名称”"),
        Fault::NoColon(text) => format!("“{text}”缺少冒号，应写成“内容: 控制圈”"),
        Fault::View(text) => {
            format!("“{text}”不是视图，应写全区、各圈、圈 编码 1000、对象 编码，或 经度,纬度,级别")
        }
        Fault::Moment(text) => format!("“{text}”不是时刻，应写成 2026-12-05T10:00"),
        Fault::Radius(text) => format!("“{text}”不是以米计的半径"),
        Fault::Empty => "没有场景，请至少写一行“## 场景名称”".to_owned(),
    }
}
