//! The dialog that prints the map. What the page shows is drawn by `map`.

use std::path::Path;
use std::sync::Arc;

use egui::{ColorImage, Rect, TextureHandle, TextureOptions, Ui};

use super::Dialog;
use super::saving::{Saved, Saving};
use crate::analysis::air::Hour;
use crate::basemap::TileSource;
use crate::domain::{EditKind, Lang, Localized as _, LocalizedText, Text, World};
use crate::files::{plain_name, write_whole};
use crate::geodesy::wkb::Bounds;
use crate::jobs::{Derived, Progress};
use crate::map::live::layout_picture;
use crate::map::view::View;
use crate::map::{
    Error, Extent, LayerInput, Layout, PageSize, PaperSize, PrintSpec, compose_wall,
    pdf_from_layout, png_from_layout, sketch, svg_from_layout, tokens,
};
use crate::report::wall::{self, WallAir};
use crate::settings::{BaseChoice, clock, desktop};
use crate::ui::action::{Action, Outgoing, ToolAction, ToolKind, WindowAction};
use crate::ui::base::{Opener, Source};
use crate::ui::command::Command;
use crate::ui::ctx::Ctx;
use crate::ui::model::meetings::PEN_LAYER;
use crate::ui::model::{Model, Toast};
use crate::ui::parts::since;
use crate::ui::widgets::{named_combo, note};

/// The page: what is on the paper, and its preview.
#[expect(clippy::struct_excessive_bools, reason = "each is on the page or not")]
pub struct PrintPage {
    title: String,
    paper: Option<PaperSize>,
    is_tall: bool,
    is_internal: bool,
    has_base: bool,
    /// The district as it was at the moment with which today is compared.
    is_then: bool,
    has_stats: bool,
    view: View,
    /// What was drawn on the map to be printed, WGS-84 degrees; the view where nothing was.
    extent: Option<Bounds>,
    /// One to so much on paper; `None` for whatever shows the extent.
    scale: Option<u32>,
    preview: Derived<Wish, Option<Result<TextureHandle, LocalizedText>>>,
    saving: Saving,
}

#[derive(Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is on the page or not")]
struct Wish {
    title: String,
    paper: Option<PaperSize>,
    is_tall: bool,
    is_internal: bool,
    is_then: bool,
    has_stats: bool,
    scale: Option<u32>,
    base: BaseChoice,
}

/// Round scales of paper maps.
const SCALES: [u32; 6] = [5000, 10_000, 25_000, 50_000, 100_000, 200_000];

impl PrintPage {
    /// For the part of the world that the map shows, or for the extent that was drawn on it; `map` is
    /// its rectangle, points.
    pub fn new(model: &Model, map: Option<Rect>, extent: Option<Bounds>) -> Self {
        let name =
            model.district.as_ref().map(|district| district.name.clone()).unwrap_or_default();
        // The page is as wide as 1920 units; the map on the screen shows the same in its own width.
        let wider = map.map_or(0.0, |map| f64::from(1600.0 / map.width().max(1.0)).log2());
        let mut view = model.camera.target();
        view.zoom += wider;
        Self {
            title: match model.lang() {
                Lang::Zh => format!("{name} 大气污染防治挂图"),
                Lang::En => format!("{name} wall map"),
            },
            paper: Some(PaperSize::A3),
            is_tall: false,
            is_internal: true,
            has_base: true,
            is_then: false,
            has_stats: false,
            view,
            extent,
            scale: None,
            preview: Derived::default(),
            saving: Saving::default(),
        }
    }

    fn wish(&self, ctx: &Ctx<'_>) -> Wish {
        // Tiles of a server come too slowly for a page, and its terms may forbid to print them.
        let base = ctx.settings.base.clone();
        let is_on = self.has_base && matches!(base, BaseChoice::File { .. });
        Wish {
            base: if is_on { base } else { BaseChoice::None },
            title: self.title.clone(),
            paper: self.paper,
            is_tall: self.is_tall,
            is_internal: self.is_internal,
            is_then: self.is_then && ctx.meeting.then.is_some(),
            has_stats: self.has_stats,
            scale: self.scale.filter(|_| self.paper.is_some()),
        }
    }

    /// Puts what the map shows on the clipboard, as a picture of 1920×1080.
    pub fn copy(mut self, ctx: &Ctx<'_>) {
        self.paper = None;
        let page = self.page(ctx);
        ctx.actions.work("copy map", move |_| {
            let drawn = page.layout(96).and_then(|layout| Ok(layout_picture(&layout)?));
            match drawn {
                Ok((rgba, width, height)) => {
                    let size = [width as usize, height as usize];
                    let image = ColorImage::from_rgba_premultiplied(size, &rgba);
                    Action::Window(WindowAction::MapDrawn(Box::new(image)))
                }
                Err(LocalizedText { zh, en }) => Action::Say(Toast::act(
                    format!("地图图片未能生成：{zh}"),
                    format!("The picture of the map could not be made: {en}"),
                )),
            }
        });
    }

    fn ask(&mut self, ctx: &Ctx<'_>) {
        self.preview.poll();
        let Some(reply) = self.preview.ask(self.wish(ctx)) else { return };
        let (page, context) = (self.page(ctx), ctx.actions.context().clone());
        ctx.actions.work("preview", move |_| {
            let picture = page.layout(40).and_then(|layout| Ok(layout_picture(&layout)?));
            reply.send(Some(picture.map(|(rgba, width, height)| {
                let size = [width as usize, height as usize];
                let image = ColorImage::from_rgba_premultiplied(size, &rgba);
                context.load_texture("print preview", image, TextureOptions::LINEAR)
            })));
            Action::Nothing
        });
    }

    fn page(&self, ctx: &Ctx<'_>) -> PrintJob {
        let wish = self.wish(ctx);
        let then = ctx.meeting.then.as_ref().filter(|_| wish.is_then);
        let day = then.map(|then| then.moment.to_zoned_datetime(clock::office()).date());
        PrintJob {
            wish,
            opener: Opener::of(ctx),
            view: self.view,
            extent: self.extent,
            world: then.map_or_else(|| ctx.sealed_world(), |then| Arc::clone(&then.world)),
            air: ctx
                .air
                .hours
                .as_ref()
                .filter(|_| then.is_none())
                .and_then(|hours| WallAir::of(hours, Hour::containing(clock::now()).plus(-1))),
            outgoing: ctx.outgoing(),
            day: day.unwrap_or_else(clock::today),
            marks: ctx.shown_marks(),
            shown: ctx
                .layers
                .iter()
                .filter(|layer| layer.is_shown)
                .map(|layer| layer.key.clone())
                .collect(),
            lang: ctx.lang(),
        }
    }

    /// Writes a PDF beside the settings and hands it to the program that the desktop has for it, which
    /// knows the printers.
    fn hand_over(&mut self, ctx: &Ctx<'_>) {
        let page = self.page(ctx);
        let folder = ctx.folder.join("print");
        let name = plain_name(&self.title);
        // In a window that nobody looks at nothing is opened either.
        let is_seen = ctx.actions.downloads().is_none();
        let write = move |progress: &Progress| {
            std::fs::create_dir_all(&folder)?;
            let target = folder.join(format!("{name}.pdf"));
            Ok(match page.write(&target, "pdf") {
                Saved::Written(_, then) if !progress.is_cancelled() => {
                    if is_seen {
                        desktop::open(&target)?;
                    }
                    Saved::Written(Self::handed(target), then)
                }
                other => other,
            })
        };
        self.saving.write(ctx, "print", move |progress| {
            write(progress).unwrap_or_else(|error: std::io::Error| {
                Saved::Failed(
                    LocalizedText::new(
                        format!("系统未能打开 PDF 打印（{}），请另存 PDF 后打印", error.zh()),
                        format!(
                            "The system opened no PDF ({error}): save it and print it from there"
                        ),
                    ),
                    Action::Nothing,
                )
            })
        });
    }

    fn handed(file: std::path::PathBuf) -> Toast {
        Toast::done(
            "已交给系统的 PDF 程序，请在其中打印",
            "handed to the system's program for PDF: print it from there",
        )
        .with_file(file)
    }

    fn print(&mut self, ctx: &Ctx<'_>, ending: &'static str) {
        let page = self.page(ctx);
        let name = format!("{}.{ending}", self.title);
        let what = (name, ending.to_owned());
        self.saving.start(ctx, "print", what, move |target, _| page.write(target, ending));
    }
}

/// Everything a page is made from, for a thread of its own.
struct PrintJob {
    wish: Wish,
    opener: Opener,
    view: View,
    extent: Option<Bounds>,
    world: Arc<World>,
    /// Of now; a map of the past has none.
    air: Option<WallAir>,
    outgoing: Outgoing,
    /// Of which the page shows the district.
    day: jiff::civil::Date,
    /// The marks of the pen that the window shows; `None` for all of them.
    marks: Option<std::collections::BTreeSet<crate::domain::RecordId>>,
    shown: Vec<String>,
    lang: Lang,
}

impl PrintJob {
    /// Writes the page, says how that ended, and has it journaled.
    fn write(&self, target: &Path, ending: &str) -> Saved {
        let written = self.try_write(target, ending);
        let asked = ["map".to_owned(), self.wish.title.clone()];
        // The district as it was then has another seal than that of today.
        let outgoing = Outgoing { seal: self.world.seal, ..self.outgoing.clone() };
        match written {
            Ok(warnings) => Saved::Written(
                Self::told(target, &warnings),
                outgoing.written(EditKind::Paper, target, &asked),
            ),
            Err(LocalizedText { zh, en }) => {
                let file = target.display();
                Saved::Failed(
                    LocalizedText::new(
                        format!("未能输出：{file}（{zh}）"),
                        format!("Not written: {file}: {en}"),
                    ),
                    Action::Nothing,
                )
            }
        }
    }

    /// What has to be said of the page.
    fn try_write(&self, target: &Path, ending: &str) -> Result<Vec<LocalizedText>, LocalizedText> {
        let layout = self.layout(200)?;
        let bytes = match ending {
            "pdf" => pdf_from_layout(&layout),
            "svg" => svg_from_layout(&layout).map(String::into_bytes),
            _ => png_from_layout(&layout),
        };
        write_whole(target, &bytes?)?;
        Ok(layout.warnings)
    }

    fn told(target: &Path, warnings: &[LocalizedText]) -> Toast {
        if warnings.is_empty() {
            return Toast::wrote(Text::new("已输出", "written"), target.to_owned());
        }
        let joined = |lang, between| {
            warnings.iter().map(|said| said.say(lang)).collect::<Vec<_>>().join(between)
        };
        let file = target.display();
        let toast = Toast::watch(
            format!("已输出：{file}，但{}", joined(Lang::Zh, "；")),
            format!("written: {file}, but {}", joined(Lang::En, "; ")),
        );
        toast.with_file(target.to_owned())
    }

    fn layout(&self, dpi: u32) -> Result<Layout, LocalizedText> {
        let base = match &self.wish.base {
            BaseChoice::None => None,
            choice => Some(self.opener.open(choice)?),
        };
        let base = match &base {
            Some(Source::Disk(source)) => Some(&**source),
            _ => None,
        };
        Ok(self.layout_over(base, dpi)?)
    }

    fn layout_over(&self, base: Option<&dyn TileSource>, dpi: u32) -> Result<Layout, Error> {
        let page = match self.wish.paper {
            Some(paper) => PageSize::paper(paper, self.wish.is_tall, dpi)?,
            None => PageSize::pixels(1920, 1080)?,
        };
        let has_marks = self.marks.as_ref().is_some_and(|marks| !marks.is_empty());
        let mut sketch = sketch(&LayerInput { world: &self.world, lang: self.lang }, &|layer| {
            self.shown.iter().any(|key| key == layer.key())
                || (has_marks && layer.key() == PEN_LAYER)
        });
        if let Some(marks) = &self.marks {
            sketch.keep_pen_marks(marks);
        }
        if let Some(air) = self.air.as_ref().filter(|_| self.wish.has_stats) {
            air.label(&mut sketch, &self.world);
        }
        let wider = (page.width / 1920.0).log2();
        let view = View { zoom: self.view.zoom + wider, ..self.view };
        let extent = match (self.wish.scale, self.extent) {
            (Some(denominator), extent) => {
                Extent::Scale { center: extent.map_or(view.center, Bounds::middle), denominator }
            }
            (None, Some(bounds)) => Extent::Fit(bounds),
            (None, None) => Extent::At(view),
        };
        let changed = |at: jiff::Timestamp| at.to_zoned_datetime(clock::office()).datetime();
        let board = self.wish.has_stats.then(|| {
            let data_time = wall::changed_at(&self.world).map(changed);
            wall::board(&self.world, self.air.as_ref(), self.day, data_time, self.lang)
        });
        compose_wall(
            &sketch,
            &PrintSpec {
                page,
                extent,
                title: &self.wish.title,
                lang: self.lang,
                theme: tokens::LIGHT,
                date: self.day,
                is_internal: self.wish.is_internal,
                seal: self.world.seal,
                base,
            },
            board.as_ref(),
        )
    }
}

impl PrintPage {
    /// What is shown and how large; whether the extent is to be drawn on the map.
    fn extent_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        let words = ctx.say(Text::new("在图上画范围", "Draw the extent"));
        let wants_frame = ui.button(words).clicked();
        if self.extent.is_some() {
            let words = ctx.say(Text::new("按屏幕", "As on screen"));
            if ui.button(words).clicked() {
                self.extent = None;
                self.preview.renew();
            }
        }
        let name = |scale: Option<u32>| match scale {
            Some(denominator) => format!("1:{denominator}"),
            None => ctx.tell("比例尺自动", "scale to fit"),
        };
        ui.add_enabled_ui(self.paper.is_some(), |ui| {
            let combo = egui::ComboBox::from_id_salt("scale").selected_text(name(self.scale));
            let combo = combo.show_ui(ui, |ui| {
                for scale in std::iter::once(None).chain(SCALES.map(Some)) {
                    ui.selectable_value(&mut self.scale, scale, name(scale));
                }
            });
            let words = ctx.say(Text::new("比例尺", "Scale"));
            named_combo(&combo.response, words, &name(self.scale));
        });
        wants_frame
    }
}

impl Dialog for PrintPage {
    fn title(&self) -> Text {
        Command::Print.about().words
    }

    fn size(&self) -> [f32; 2] {
        [980.0, 640.0]
    }

    #[expect(clippy::too_many_lines, reason = "one row of the dialog after the other")]
    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        let mut wants_frame = false;
        ui.horizontal_wrapped(|ui| {
            ui.label(note(ctx.tell("标题", "Title")));
            let edit = ui.add(egui::TextEdit::singleline(&mut self.title).desired_width(260.0));
            let name = ctx.say(Text::new("标题", "Title"));
            crate::ui::widgets::named_text(&edit, name, &self.title);
            let papers = [
                (Some(PaperSize::A4), "A4"),
                (Some(PaperSize::A3), "A3"),
                (Some(PaperSize::A1), "A1"),
                (Some(PaperSize::A0), "A0"),
                (None, "1920×1080"),
            ];
            for (paper, name) in papers {
                if ui.selectable_label(self.paper == paper, name).clicked() {
                    self.paper = paper;
                }
            }
            ui.checkbox(&mut self.is_tall, ctx.tell("竖版", "upright"));
            wants_frame = self.extent_ui(ui, ctx);
            ui.checkbox(&mut self.is_internal, ctx.tell("内部使用", "internal"));
            if ctx.meeting.then.is_some() {
                let words = since::words(ctx);
                let words = ctx.tell(format!("按当时（{words}）"), format!("as it was ({words})"));
                ui.checkbox(&mut self.is_then, words);
            }
            ui.checkbox(&mut self.has_stats, ctx.tell("统计栏", "statistics"));
            if matches!(ctx.settings.base, BaseChoice::File { .. }) {
                ui.checkbox(&mut self.has_base, ctx.tell("底图", "base map"));
            }
        });
        if wants_frame {
            ctx.actions.tool(ToolAction::Take(ToolKind::PrintFrame));
            return false;
        }
        ui.add_space(4.0);
        self.ask(ctx);
        self.saving.is_written();
        let room = egui::vec2(ui.available_width(), (ui.available_height() - 68.0).max(120.0));
        match &*self.preview {
            Some(Err(problem)) => {
                ui.colored_label(ctx.color(|t| t.act), problem.say(ctx.lang()));
            }
            Some(Ok(texture)) => {
                let image = egui::Image::new(texture).fit_to_exact_size(room);
                ui.vertical_centered(|ui| ui.add(image.maintain_aspect_ratio(true)));
            }
            None => {
                ui.allocate_ui(room, |ui| {
                    ui.set_min_size(room);
                    ui.centered_and_justified(Ui::spinner);
                });
            }
        }
        self.saving.ui(ui, ctx);
        ui.horizontal(|ui| {
            let words = ctx.say(Text::new("打印…", "Print…"));
            if ui.add_enabled(!self.saving.is_busy(), egui::Button::new(words)).clicked() {
                self.hand_over(ctx);
            }
            for (ending, words) in [("pdf", "PDF…"), ("png", "PNG…"), ("svg", "SVG…")] {
                if ui.add_enabled(!self.saving.is_busy(), egui::Button::new(words)).clicked() {
                    self.print(ctx, ending);
                }
            }
            if matches!(ctx.settings.base, BaseChoice::Online(_)) {
                ui.label(note(ctx.tell(
                    "在线底图不打印；需要底图时请换用瓦片文件",
                    "Online base maps are not printed: use a file of tiles for that",
                )));
            }
        });
        true
    }
}
