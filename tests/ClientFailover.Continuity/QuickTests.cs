using ClientFailover.Continuity.Reports;
using ClientFailover.Continuity.Runs;
using NUnit.Framework;

namespace ClientFailover.Continuity;

/// <summary>The quick part of the bench, for every change. What it counts is judged, never how fast it was.</summary>
internal sealed class QuickTests
{
    private const int Parallel = 4;

    [Test]
    public async Task QuickRuns_OfEveryKind_KeepTheirBounds()
    {
        Assume.That(OperatingSystem.IsWindows(), Is.False, "Processes are frozen and stopped by signals.");
        var output = new Output(Path.Combine(TestContext.CurrentContext.WorkDirectory, "continuity"));

        var results = await RunQueue.RunAsync(Matrix.Quick(), Parallel, output, keepsOutput: false);

        await TestContext.Out.WriteLineAsync(Table.ToMarkdown(results));
        Assert.That(results.Where(result => !result.IsGood).Select(Table.ToLine), Is.Empty);
    }
}
