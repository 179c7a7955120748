package careof.engine.capture;

import careof.engine.base.Progress;
import careof.engine.capture.CaptureExport.Selection;
import careof.engine.lab.Lab;
import careof.engine.query.Query;
import careof.engine.query.FieldSource;
import careof.engine.trace.TraceBench;
import careof.engine.trace.TraceJson;
import careof.engine.trace.TraceStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** Measures exports by hand: {@code java -Xmx1g -cp ... careof.engine.capture.ExportBench [frames] [folder]}. */
final class ExportBench {
    private ExportBench() {}

    public static void main(String[] args) throws Exception {
        int frames = args.length == 0 ? 1_000_000 : Integer.parseInt(args[0]);
        Path folder = Path.of(args.length < 2 ? "." : args[1]);
        TraceStore store = TraceBench.forwarded(frames, 10, 1014);
        Lab lab = Lab.empty("bench");
        Path file = folder.resolve("bench.pcapng");
        for (Selection selection : new Selection[] {new Selection.All(), new Selection.Node("r5"), new Selection.Link("l3")}) {
            long start = System.nanoTime();
            long packets = CaptureExport.write(store, lab, file, selection, Progress.NONE);
            System.out.printf("%s: %d packets, %d MB in %.2f s%n", selection, packets, Files.size(file) >> 20, (System.nanoTime() - start) / 1e9);
        }
        CaptureExport.write(store, lab, file, new Selection.All(), Progress.NONE);
        long start = System.nanoTime();
        long count = 0;
        try (CaptureReader reader = CaptureReader.open(file)) {
            while (reader.next().isPresent()) {
                count++;
            }
        }
        System.out.printf("read back %d packets in %.2f s%n", count, (System.nanoTime() - start) / 1e9);
        Path json = folder.resolve("bench.jsonl");
        start = System.nanoTime();
        TraceJson.write(store, json, Progress.NONE);
        System.out.printf("JSON: %d events, %d MB in %.2f s%n", store.size(), Files.size(json) >> 20, (System.nanoTime() - start) / 1e9);
        Files.delete(json);
        start = System.nanoTime();
        Query query = Query.parse("node == r3 and kind == sent and time > 5ms");
        count = 0;
        for (TraceStore.Cursor cursor = store.from(1); cursor.hasNext(); ) {
            count += query.matches(cursor.next(), store, FieldSource.NONE) ? 1 : 0;
        }
        System.out.printf("query over all: %d matches in %.2f s%n", count, (System.nanoTime() - start) / 1e9);
    }
}
