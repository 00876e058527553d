package org.lunette.benchmarks.compare;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/** A table and a picture of results. */
final class Report {
    private static final int WIDTH = 1200;
    private static final int HEIGHT = 560;
    private static final List<Color> COLOURS =
            List.of(new Color(0x8a8f98), new Color(0x1f6feb), new Color(0x2da44e), new Color(0xbf8700));

    private final Results results;

    Report(Results results) {
        this.results = results;
    }

    /** Markdown: commands per second, and the ratio to the first server with the smallest and the largest round. */
    String table() {
        StringBuilder text = new StringBuilder("| load |");
        results.servers().forEach(server -> text.append(' ').append(server).append(" |"));
        text.append("\n| --- |")
                .append(" --- |".repeat(results.servers().size()))
                .append('\n');
        for (Load load : results.loads()) {
            text.append("| ").append(load.name()).append(" |");
            results.servers()
                    .forEach(server ->
                            text.append(' ').append(cell(load, server)).append(" |"));
            text.append('\n');
        }
        return text.toString();
    }

    private String cell(Load load, String server) {
        if (!results.has(load, server)) {
            return "";
        }
        String rate = String.format(Locale.ROOT, "%.0f", results.median(load, server));
        if (server.equals(results.servers().get(0))) {
            return rate;
        }
        double[] ratios = results.ratios(load, server);
        return String.format(
                Locale.ROOT,
                "%s: **%.2f** (%.2f to %.2f)",
                rate,
                Results.median(ratios),
                ratios[0],
                ratios[ratios.length - 1]);
    }

    /** Bars of the ratios, each with a line as long as from the smallest round to the largest, as a PNG file. */
    void plot(Path file) throws IOException {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("Commands per second, as a multiple of "
                        + results.servers().get(0))
                .build();
        chart.getStyler().setLegendPosition(LegendPosition.OutsideS);
        chart.getStyler().setLegendLayout(LegendLayout.Horizontal);
        chart.getStyler().setXAxisLabelRotation(15);
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        List<String> names = results.loads().stream().map(Load::name).toList();
        int index = 0;
        for (String server : results.servers()) {
            List<Double> medians = new ArrayList<>();
            List<Double> spreads = new ArrayList<>();
            for (Load load : results.loads()) {
                double[] ratios = results.has(load, server) ? results.ratios(load, server) : new double[] {0};
                medians.add(Results.median(ratios));
                spreads.add((ratios[ratios.length - 1] - ratios[0]) / 2);
            }
            chart.addSeries(server, names, medians, spreads).setFillColor(COLOURS.get(index++ % COLOURS.size()));
        }
        BitmapEncoder.saveBitmap(chart, file.toString(), BitmapFormat.PNG);
    }
}
