use egui::{ColorImage, Rect, TextureHandle, TextureOptions, Ui};

use super::super::action::Action;
use super::super::command::Command;
use super::super::ctx::Ctx;
use super::super::model::{Model, Toast};
use super::super::widgets::note;
use super::Dialog;
use crate::domain::Text;
use crate::map::live::plate_picture;
use crate::map::view::View;
use crate::map::{
    Error, Extent, Page, Paper, Plate, Scene, Sheet, compose, pdf_from_plate, png_from_plate,
    sketch, svg_from_plate, tokens,
};
use crate::settings::clock;

/// The map as it would be printed, drawn by the printer itself.
pub struct PrintPage {
    title: String,
    paper: Option<Paper>,
    is_tall: bool,
    is_internal: bool,
    view: View,
    /// For what the preview was asked, and what came.
    asked: Option<Wish>,
    preview: Option<TextureHandle>,
    problem: Option<String>,
}

#[derive(Clone, PartialEq)]
struct Wish {
    title: String,
    paper: Option<Paper>,
    is_tall: bool,
    is_internal: bool,
}

/// A preview that a job has drawn.
struct Preview {
    of: Wish,
    picture: Result<(Vec<u8>, u32, u32), String>,
}

impl PrintPage {
    pub fn new(model: &Model, map: Option<Rect>) -> Self {
        let name =
            model.district.as_ref().map(|district| district.name.clone()).unwrap_or_default();
        // The page is as wide as 1920 units; the map on the screen shows the same in its own width.
        let wider = map.map_or(0.0, |map| f64::from(1600.0 / map.width().max(1.0)).log2());
        let mut view = model.camera.target();
        view.zoom += wider;
        Self {
            title: format!("{name} 大气污染防治挂图"),
            paper: Some(Paper::A3),
            is_tall: false,
            is_internal: true,
            view,
            asked: None,
            preview: None,
            problem: None,
        }
    }

    fn wish(&self) -> Wish {
        Wish {
            title: self.title.clone(),
            paper: self.paper,
            is_tall: self.is_tall,
            is_internal: self.is_internal,
        }
    }

    fn ask(&mut self, ctx: &Ctx<'_>) {
        let wish = self.wish();
        if self.asked.as_ref() == Some(&wish) {
            return;
        }
        self.asked = Some(wish.clone());
        let page = self.page(ctx);
        ctx.actions.send(Action::Work(
            "preview",
            Box::new(move |_| {
                let picture = page
                    .plate(40)
                    .and_then(|plate| plate_picture(&plate))
                    .map_err(|error| error.to_string());
                Action::ForDialog(Box::new(Preview { of: wish, picture }))
            }),
        ));
    }

    fn page(&self, ctx: &Ctx<'_>) -> Order {
        Order {
            wish: self.wish(),
            view: self.view,
            world: ctx.world(),
            shown: ctx
                .layers
                .iter()
                .filter(|layer| layer.is_shown)
                .map(|layer| layer.key.clone())
                .collect(),
            lang: ctx.lang(),
        }
    }

    fn print(&self, ctx: &Ctx<'_>, ending: &'static str) {
        let page = self.page(ctx);
        let name = self.title.clone();
        ctx.actions.send(Action::Work(
            "print",
            Box::new(move |_| {
                let dialog = rfd::FileDialog::new()
                    .set_file_name(format!("{name}.{ending}"))
                    .add_filter(ending, &[ending]);
                let Some(target) = dialog.save_file() else { return Action::Nothing };
                let bytes = page.plate(200).and_then(|plate| match ending {
                    "pdf" => pdf_from_plate(&plate),
                    "svg" => svg_from_plate(&plate).map(String::into_bytes),
                    _ => png_from_plate(&plate),
                });
                let file = target.display();
                Action::Say(
                    match bytes.map_err(|error| error.to_string()).and_then(|bytes| {
                        super::super::perform::write_whole(&target, &bytes)
                            .map_err(|error| error.to_string())
                    }) {
                        Ok(()) => {
                            Toast::done(format!("已输出：{file}"), format!("written: {file}"))
                        }
                        Err(error) => Toast::act(
                            format!("未能输出：{file}（{error}）"),
                            format!("not written: {file}: {error}"),
                        ),
                    },
                )
            }),
        ));
    }
}

/// Everything a page is made from, for a thread of its own.
struct Order {
    wish: Wish,
    view: View,
    world: std::sync::Arc<crate::domain::World>,
    shown: Vec<String>,
    lang: crate::domain::Lang,
}

impl Order {
    fn plate(&self, dpi: u32) -> Result<Plate, Error> {
        let page = match self.wish.paper {
            Some(paper) => Page::paper(paper, self.wish.is_tall, dpi)?,
            None => Page::pixels(1920, 1080)?,
        };
        let sketch = sketch(&Scene { world: &self.world, lang: self.lang }, &|layer| {
            self.shown.iter().any(|key| key == layer.key())
        });
        let wider = (page.width / 1920.0).log2();
        let view = View { zoom: self.view.zoom + wider, ..self.view };
        compose(
            &sketch,
            &Sheet {
                page,
                extent: Extent::At(view),
                title: &self.wish.title,
                lang: self.lang,
                theme: tokens::LIGHT,
                date: clock::today(),
                is_internal: self.wish.is_internal,
                base: None,
            },
        )
    }
}

impl Dialog for PrintPage {
    fn title(&self) -> Text {
        Command::Print.about().words
    }

    fn size(&self) -> [f32; 2] {
        [980.0, 640.0]
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        ui.horizontal(|ui| {
            ui.label(note(ctx.tell("标题", "Title")));
            let edit = ui.add(egui::TextEdit::singleline(&mut self.title).desired_width(360.0));
            let name = ctx.say(Text::new("标题", "Title"));
            super::super::widgets::named_text(&edit, name, &self.title);
            let papers = [
                (Some(Paper::A4), "A4"),
                (Some(Paper::A3), "A3"),
                (Some(Paper::A0), "A0"),
                (None, "1920×1080"),
            ];
            for (paper, name) in papers {
                if ui.selectable_label(self.paper == paper, name).clicked() {
                    self.paper = paper;
                }
            }
            ui.checkbox(&mut self.is_tall, ctx.tell("竖版", "upright"));
            ui.checkbox(&mut self.is_internal, ctx.tell("内部使用", "internal"));
        });
        ui.add_space(4.0);
        self.ask(ctx);
        let room = egui::vec2(ui.available_width(), (ui.available_height() - 44.0).max(120.0));
        match (&self.preview, &self.problem) {
            (_, Some(problem)) => {
                ui.colored_label(ctx.color(|t| t.act), problem);
            }
            (Some(texture), None) => {
                ui.add(
                    egui::Image::new(texture).fit_to_exact_size(room).maintain_aspect_ratio(true),
                );
            }
            (None, None) => {
                ui.spinner();
            }
        }
        ui.horizontal(|ui| {
            for (ending, words) in [("pdf", "PDF…"), ("png", "PNG…"), ("svg", "SVG…")] {
                if ui.button(words).clicked() {
                    self.print(ctx, ending);
                }
            }
            ui.label(note(ctx.tell(
                "版面与 shapan render 相同；不含底图",
                "The same printer as `shapan render`; without the base map",
            )));
        });
        true
    }

    fn take(&mut self, answer: Box<dyn std::any::Any + Send>, ctx: &Ctx<'_>) {
        let Ok(preview) = answer.downcast::<Preview>() else { return };
        if preview.of != self.wish() {
            return;
        }
        match preview.picture {
            Ok((rgba, width, height)) => {
                let image =
                    ColorImage::from_rgba_premultiplied([width as usize, height as usize], &rgba);
                self.preview = Some(ctx.actions.context().load_texture(
                    "print preview",
                    image,
                    TextureOptions::LINEAR,
                ));
                self.problem = None;
            }
            Err(problem) => self.problem = Some(problem),
        }
    }
}
