//! The numbers under a figure as a file, in one click.

use egui::Ui;

use crate::domain::{EditKind, Localized as _};
use crate::files::write_whole;
use crate::ui::action::Action;
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;
use crate::ui::widgets::named;

/// Rows of cells, the head first.
pub type Rows = Vec<Vec<String>>;

/// A button that saves them as CSV.
pub fn csv_ui(ui: &mut Ui, ctx: &Ctx<'_>, name: &str, rows: impl FnOnce() -> Rows) {
    let button = ui.button("CSV");
    named(&button, &ctx.tell(format!("{name} 存为 CSV"), format!("{name} as CSV")));
    if !button.on_hover_text(ctx.tell("把图中数字存为 CSV", "Save the numbers as CSV")).clicked()
    {
        return;
    }
    let bytes = csv(&rows());
    let (actions, outgoing) = (ctx.actions.clone(), ctx.outgoing());
    let (file, asked) = (format!("{name}.csv"), vec![name.to_owned()]);
    ctx.actions.work("export", move |_| {
        let Some(target) = actions.ask_where_to_save(&file, "CSV") else {
            return Action::Nothing;
        };
        match write_whole(&target, &bytes) {
            Ok(()) => Action::All(vec![
                Action::Say(Toast::done(
                    format!("已保存：{}", target.display()),
                    format!("written: {}", target.display()),
                )),
                outgoing.written(EditKind::Export, &target, &asked),
            ]),
            Err(error) => Action::Say(Toast::act(
                format!("未能保存：{}", error.zh()),
                format!("not written: {error}"),
            )),
        }
    });
}

/// With the mark by which Excel knows UTF-8.
fn csv(rows: &Rows) -> Vec<u8> {
    let mut text = String::from('\u{feff}');
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| quoted(cell)).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text.into_bytes()
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_with_a_comma_stays_one() {
        let rows = vec![vec!["a,b".to_owned(), "say \"no\"".to_owned()], vec!["1".to_owned()]];
        assert_eq!(csv(&rows), "\u{feff}\"a,b\",\"say \"\"no\"\"\"\r\n1\r\n".as_bytes());
    }
}
