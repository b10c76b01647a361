//! The sheet: every sentence where it will be printed. A click on one edits it in place.

use egui::{
    Align, Button, Color32, Frame, Label, Layout, Margin, RichText, ScrollArea, Sense, Stroke,
    TextEdit, Ui,
};
use lucide_icons::Icon;

use super::SHEET;
use crate::domain::{RecordId, Text};
use crate::report::notice::{Edited, LineRole, Notice, NoticeLine, Sentence, page_lines};
use crate::ui::action::{PaperAction, PlannerAction, ViewAction};
use crate::ui::ctx::Ctx;
use crate::ui::theme;
use crate::ui::widgets::{icon, named, named_text, note};

/// The sentence that is being written: its key, its words, and whether it was just opened.
#[derive(Default)]
pub struct Sheet {
    writing: Option<(String, String, bool)>,
}

/// Left of each sentence: the way to its record.
const MARGIN: f32 = 32.0;
/// The first line of a paragraph begins two characters in.
const INDENT: &str = "　　";

impl Sheet {
    /// Shows the notice as it will print; a click edits a sentence where `may_edit`.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, plan: &str, notice: &Notice, may_edit: bool) {
        ScrollArea::vertical().id_salt("notice sheet").auto_shrink(false).show(ui, |ui| {
            let sheet = Frame::NONE
                .fill(ctx.color(|t| t.panel))
                .stroke(Stroke::new(1.0, ctx.color(|t| t.line)))
                .inner_margin(Margin::symmetric(20, 16));
            sheet.show(ui, |ui| {
                ui.set_width((ui.available_width()).min(SHEET) - 4.0);
                ui.spacing_mut().item_spacing.y = 8.0;
                for line in page_lines(notice) {
                    let sentence = line.of.and_then(|place| notice.sentences.get(place));
                    match sentence {
                        Some(sentence) => {
                            self.sentence_ui(ui, ctx, plan, (&line, sentence), may_edit);
                        }
                        None => form_ui(ui, &line),
                    }
                }
            });
        });
    }

    fn sentence_ui(
        &mut self,
        ui: &mut Ui,
        ctx: &Ctx<'_>,
        plan: &str,
        (line, sentence): (&NoticeLine, &Sentence),
        may_edit: bool,
    ) {
        ui.horizontal_top(|ui| {
            ui.allocate_ui_with_layout(
                egui::vec2(MARGIN, theme::BODY),
                Layout::left_to_right(Align::Min),
                |ui| {
                    ui.set_min_width(MARGIN);
                    if let Some(record) = sentence.record {
                        record_ui(ui, ctx, record);
                    }
                },
            );
            ui.vertical(|ui| {
                let key = sentence.key();
                if self.writing.as_ref().is_some_and(|(own, ..)| *own == key) {
                    self.write_ui(ui, ctx, plan, sentence);
                } else {
                    let words = words_ui(ui, ctx, line, sentence, may_edit);
                    if may_edit && words.clicked() {
                        self.writing = Some((key, sentence.text().to_owned(), true));
                    }
                }
                marks_ui(ui, ctx, plan, sentence, may_edit);
            });
        });
    }

    /// Counts when it is left or Ctrl+Enter is pressed; Escape gives it up.
    fn write_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, plan: &str, sentence: &Sentence) {
        let Some((_, text, is_new)) = &mut self.writing else { return };
        let edit = ui.add(TextEdit::multiline(text).desired_rows(2).desired_width(f32::INFINITY));
        named_text(&edit, ctx.say(Text::new("改写语句", "Rewrite the sentence")), text);
        if std::mem::take(is_new) {
            edit.request_focus();
        }
        ui.label(note(ctx.tell(
            "点别处或 Ctrl+Enter 保存，Esc 放弃；清空则不印这一句",
            "Leave it or Ctrl+Enter keeps it, Escape gives it up; empty prints nothing",
        )));
        let done = ui.input(|input| input.modifiers.command && input.key_pressed(egui::Key::Enter));
        if !done && !edit.lost_focus() {
            return;
        }
        let is_given_up = ui.input(|input| input.key_pressed(egui::Key::Escape));
        // Ctrl+Enter leaves no line of its own in the sentence.
        let text = text.replace(['\n', '\r'], "").trim().to_owned();
        self.writing = None;
        if !is_given_up && text != sentence.text() {
            // What is as it was generated is no edit.
            let fingerprint = sentence.fingerprint.clone();
            let edited = (text != sentence.generated).then_some(Edited { text, fingerprint });
            send(ctx, plan, sentence, edited);
        }
    }
}

fn send(ctx: &Ctx<'_>, plan: &str, sentence: &Sentence, edited: Option<Edited>) {
    let action = PaperAction::Sentence { plan: plan.to_owned(), key: sentence.key(), edited };
    ctx.actions.planner(PlannerAction::Paper(action));
}

/// Selects the order of a sentence and flies to it.
pub fn record_ui(ui: &mut Ui, ctx: &Ctx<'_>, record: RecordId) {
    let button = ui.add(Button::new(icon(Icon::Crosshair)).small().frame_when_inactive(false));
    let name = ctx.record(record).map(|record| record.name().to_owned()).unwrap_or_default();
    let words = ctx.tell(format!("在图上看：{name}"), format!("Show it on the map: {name}"));
    named(&button, &words);
    if button.on_hover_text(words).clicked() {
        ctx.actions.select(record);
        ctx.actions.view(ViewAction::ShowRecord(record));
    }
}

/// What belongs to the form, and no sentence made it.
fn form_ui(ui: &mut Ui, line: &NoticeLine) {
    let indent = |ui: &mut Ui, words: RichText| {
        ui.horizontal_top(|ui| {
            ui.add_space(MARGIN + ui.spacing().item_spacing.x);
            ui.add(Label::new(words).wrap());
        });
    };
    match line.role {
        LineRole::Number | LineRole::Title => {
            ui.vertical_centered(|ui| ui.label(&line.text));
        }
        LineRole::Heading => {
            let words = RichText::new(format!("{INDENT}{}", line.text)).family(theme::bold());
            indent(ui, words);
        }
        LineRole::Signature => {
            ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                ui.add_space(56.0);
                ui.label(&line.text);
            });
        }
        LineRole::Paragraph | LineRole::LeftOut => {
            indent(ui, RichText::new(format!("{INDENT}{}", line.text)));
        }
    }
}

fn words_ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    line: &NoticeLine,
    sentence: &Sentence,
    may_edit: bool,
) -> egui::Response {
    let text = format!("{}{}", line.prefix, line.text);
    let words = match line.role {
        LineRole::Title => RichText::new(&text).size(theme::HEADING).family(theme::bold()),
        LineRole::LeftOut => {
            RichText::new(ctx.tell("（不印）", "(left out) ") + &sentence.generated)
                .weak()
                .strikethrough()
        }
        _ => RichText::new(format!("{INDENT}{text}")),
    };
    let sense = if may_edit { Sense::click() } else { Sense::hover() };
    let label = Label::new(words).wrap().sense(sense);
    let response = if line.role == LineRole::Title {
        ui.vertical_centered(|ui| ui.add(label)).inner
    } else {
        ui.add(label)
    };
    if !may_edit {
        return response;
    }
    let tip = ctx.say(Text::new("单击改写这一句", "Click to rewrite this sentence"));
    response.on_hover_text(tip).on_hover_cursor(egui::CursorIcon::Text)
}

/// Below a sentence: that it was written by hand, and what no longer fits.
fn marks_ui(ui: &mut Ui, ctx: &Ctx<'_>, plan: &str, sentence: &Sentence, may_edit: bool) {
    let Some(edited) = &sentence.edited else { return };
    if sentence.is_stale {
        let watch = ctx.color(|t| t.watch);
        let fill: Color32 = theme::color(ctx.theme().watch.faded(0.10).over(ctx.theme().panel));
        let frame = Frame::NONE.fill(fill).stroke(Stroke::new(1.0, watch)).inner_margin(8);
        frame.show(ui, |ui| stale_ui(ui, ctx, plan, sentence, edited, may_edit));
    } else {
        ui.horizontal(|ui| {
            ui.label(icon(Icon::PencilLine).size(theme::NOTE).color(ctx.color(|t| t.accent)));
            ui.label(note(ctx.tell("手改", "by hand")));
            let words = ctx.say(Text::new("恢复自动", "Back to the generated one"));
            let button = ui.add_enabled(may_edit, Button::new(words).small());
            if button.on_hover_text(&sentence.generated).clicked() {
                send(ctx, plan, sentence, None);
            }
        });
    }
    for said in &sentence.lapsed {
        let watch = ctx.color(|t| t.watch);
        ui.horizontal_wrapped(|ui| {
            ui.label(icon(Icon::TriangleAlert).color(watch));
            ui.label(RichText::new(said.say(ctx.lang())).color(watch));
        });
    }
}

fn stale_ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    plan: &str,
    sentence: &Sentence,
    edited: &str,
    may_edit: bool,
) {
    ui.horizontal_wrapped(|ui| {
        ui.label(icon(Icon::TriangleAlert).color(ctx.color(|t| t.watch)));
        ui.label(note(ctx.tell(
            "手改之后，措施或图形又变了。现在的自动句：",
            "The order has changed since this was written by hand. It would now say:",
        )));
    });
    ui.add(Label::new(&sentence.generated).wrap());
    ui.horizontal(|ui| {
        let take = ctx.say(Text::new("采用新句", "Take the new one"));
        if ui.add_enabled(may_edit, Button::new(take)).clicked() {
            send(ctx, plan, sentence, None);
        }
        let keep = ctx.say(Text::new("保留手改", "Keep mine"));
        if ui.add_enabled(may_edit, Button::new(keep)).clicked() {
            let (text, fingerprint) = (edited.to_owned(), sentence.fingerprint.clone());
            send(ctx, plan, sentence, Some(Edited { text, fingerprint }));
        }
    });
}
