//! The sheet of shortcuts, made of the table of commands: all of it on one screen.

use egui::{Grid, RichText, ScrollArea, Ui};

use super::Dialog;
use crate::domain::Text;
use crate::ui::command::{Command, Group, key_text};
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{note, strong};

/// Every key, from the same table that the keys themselves come from.
pub struct Keys;

/// Keys that are no command of the table.
const OTHERS: [(Group, &str, Text); 15] = [
    (Group::Map, "← ↑ → ↓", Text::new("移动地图", "Move the map")),
    (Group::Map, "Tab", Text::new("切换光标下的对象", "Next thing under the pointer")),
    (Group::Map, "Shift", Text::new("画图时不捕捉", "Draw without snapping")),
    (Group::Map, "Enter", Text::new("完成画图", "Finish a drawing")),
    (Group::Map, "Backspace", Text::new("撤回一个顶点", "Take a vertex back")),
    (Group::Records, "Ctrl+V", Text::new("在表格上粘贴 Excel 行", "Paste rows over the table")),
    (Group::Records, "Ctrl+V", Text::new("为选中的记录粘贴照片", "Paste a photo for a record")),
    (Group::Plans, "← →", Text::new("浏览变化的车次", "Browse the trips that change")),
    (Group::Plans, "B", Text::new("按住看实施前", "Hold to see before")),
    (Group::Meeting, "← →", Text::new("上一、下一场景", "Previous or next scene")),
    (Group::Meeting, "PgUp PgDn", Text::new("翻页笔换场景", "The same, by a clicker")),
    (Group::Meeting, "Alt+↑ ↓", Text::new("议程中移动场景", "Move a scene of the agenda")),
    (Group::Meeting, "B", Text::new("按住看当时", "Hold to see it as it was")),
    (Group::Meeting, ".", Text::new("放映时黑屏", "Black while presenting")),
    (Group::Meeting, "D", Text::new("放映时按住显示光点", "Hold for a pointer")),
];

/// Of a column, points.
const COLUMN: f32 = 290.0;
const ROW: f32 = 17.0;

impl Dialog for Keys {
    fn title(&self) -> Text {
        Text::new("快捷键", "Keys")
    }

    fn size(&self) -> [f32; 2] {
        [1200.0, 660.0]
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        let count = ((ui.available_width() / COLUMN) as usize).clamp(1, 4);
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.columns(count, |columns| {
                for (ui, groups) in columns.iter_mut().zip(columns_of(count)) {
                    ui.spacing_mut().item_spacing.y = 2.0;
                    for group in groups {
                        group_ui(ui, ctx, group);
                    }
                }
            });
            ui.label(note(ctx.tell(
                "输入文字时，单字母和数字键不起作用。",
                "Single letters and figures do nothing while you type.",
            )));
        });
        true
    }
}

fn rows(group: Group) -> Vec<(String, Text)> {
    let commands = Command::of(group).filter_map(|command| {
        let about = command.about();
        Some((key_text(about.key?), about.words))
    });
    let others = OTHERS.iter().filter(|(of, ..)| *of == group);
    commands.chain(others.map(|(_, key, words)| ((*key).to_owned(), *words))).collect()
}

/// The groups in their order, in so many columns at most, the highest of which is as low as it can be.
fn columns_of(count: usize) -> Vec<Vec<Group>> {
    let rows_of = |group: &Group| rows(*group).len() + 2;
    let all: usize = Group::ALL.iter().map(rows_of).sum();
    let filled_to = |most: usize| {
        let mut columns: Vec<Vec<Group>> = vec![Vec::new()];
        let mut filled = 0;
        for group in Group::ALL {
            if filled > 0 && filled + rows_of(&group) > most {
                columns.push(Vec::new());
                filled = 0;
            }
            if let Some(column) = columns.last_mut() {
                column.push(group);
            }
            filled += rows_of(&group);
        }
        columns
    };
    let tried = (all.div_ceil(count)..all).map(filled_to).find(|columns| columns.len() <= count);
    tried.unwrap_or_else(|| filled_to(all))
}

fn group_ui(ui: &mut Ui, ctx: &Ctx<'_>, group: Group) {
    let title = strong(ctx.say(group.title())).color(ctx.color(|t| t.accent));
    ui.label(title);
    Grid::new(group).num_columns(2).spacing([10.0, 1.0]).min_row_height(ROW).show(ui, |ui| {
        for (key, words) in rows(group) {
            ui.label(strong(key).small());
            ui.add(egui::Label::new(RichText::new(ctx.say(words)).small()).truncate());
            ui.end_row();
        }
    });
    ui.add_space(8.0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_group_stands_in_one_column_and_none_is_much_higher_than_the_others() {
        for count in 1..=4 {
            let columns = columns_of(count);
            let all: Vec<Group> = columns.concat();
            assert_eq!(all, Group::ALL);
            assert!(columns.len() <= count);
        }
        let height = |groups: &Vec<Group>| groups.iter().map(|g| rows(*g).len() + 2).sum::<usize>();
        let heights: Vec<usize> = columns_of(4).iter().map(height).collect();
        // 580 of the dialog's 660 points, a row with its space being 18.
        assert!(heights.iter().all(|height| *height <= 32), "fits 720 points: {heights:?}");
    }
}
