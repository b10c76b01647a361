//! A field of text, for every editor that has one.

use egui::{TextEdit, Ui};

use crate::ui::widgets::named_text;

const FOCUS: &str = "focus the next field";

/// Whether the field that is shown next takes the focus.
pub fn focus_next_field(ui: &Ui, is_wanted: bool) {
    ui.data_mut(|data| {
        if is_wanted {
            data.insert_temp(egui::Id::unique(FOCUS), true);
        } else {
            data.remove::<bool>(egui::Id::unique(FOCUS));
        }
    });
}

/// A text field whose change counts when it is left or Enter is pressed.
pub fn text_field(
    ui: &mut Ui,
    text: &mut String,
    name: &str,
    width: f32,
    is_tall: bool,
) -> Option<String> {
    let edit = if is_tall {
        TextEdit::multiline(text).desired_rows(2)
    } else {
        TextEdit::singleline(text)
    };
    let response = ui.add(edit.desired_width(width));
    named_text(&response, name, text.as_str());
    if ui.data_mut(|data| data.remove_temp::<bool>(egui::Id::unique(FOCUS))).is_some() {
        response.request_focus();
    }
    response.lost_focus().then(|| text.clone())
}
