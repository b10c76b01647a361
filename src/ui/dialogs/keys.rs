//! The sheet of shortcuts, made of the table of commands.

use egui::{Grid, RichText, ScrollArea, Ui};

use super::Dialog;
use crate::domain::Text;
use crate::ui::command::{Command, key_text};
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{note, strong};

/// Every key, from the same table that the keys themselves come from.
pub struct Keys;

/// Keys that are no command of the table.
const OTHERS: [(&str, Text); 15] = [
    ("← ↑ → ↓", Text::new("移动地图", "Move the map")),
    ("← →", Text::new("方案：浏览变化的车次", "Plans: browse the trips that change")),
    ("B", Text::new("方案：按住看实施前", "Plans: hold to see before")),
    ("← →", Text::new("会商：上一、下一场景", "Meeting: previous or next scene")),
    ("PgUp PgDn", Text::new("会商：翻页笔换场景", "Meeting: the same, by a clicker")),
    ("Alt+↑ ↓", Text::new("议程：移动场景", "Agenda: move the scene")),
    (".", Text::new("放映：黑屏", "Presenting: black screen")),
    ("D", Text::new("放映：按住显示光点", "Presenting: hold for a pointer")),
    ("Tab", Text::new("切换光标下的对象", "Next thing under the pointer")),
    ("Shift", Text::new("画图时不捕捉", "Draw without snapping")),
    ("Enter", Text::new("完成画图", "Finish a drawing")),
    ("Backspace", Text::new("撤回一个顶点", "Take a vertex back")),
    ("Esc", Text::new("取消；草图会保留", "Cancel; a draft is kept")),
    ("Ctrl+V", Text::new("在表格上粘贴 Excel 行", "Paste rows from Excel over the table")),
    ("Ctrl+V", Text::new("为选中的记录粘贴照片", "Paste a photo for the selected record")),
];

impl Dialog for Keys {
    fn title(&self) -> Text {
        Text::new("快捷键", "Keys")
    }

    fn size(&self) -> [f32; 2] {
        [640.0, 520.0]
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let commands = Command::ALL.iter().filter_map(|command| {
                let about = command.about();
                Some((key_text(about.key?), about.words))
            });
            let others = OTHERS.iter().map(|(key, words)| ((*key).to_owned(), *words));
            let rows: Vec<_> = commands.chain(others).collect();
            Grid::new("keys").num_columns(4).spacing([18.0, 6.0]).show(ui, |ui| {
                for pair in rows.chunks(2) {
                    for (key, words) in pair {
                        ui.label(strong(key));
                        ui.label(RichText::new(ctx.say(*words)));
                    }
                    ui.end_row();
                }
            });
            ui.add_space(8.0);
            ui.label(note(ctx.tell(
                "输入文字时，单字母和数字键不起作用。",
                "Single letters and figures do nothing while you type.",
            )));
        });
        true
    }
}
