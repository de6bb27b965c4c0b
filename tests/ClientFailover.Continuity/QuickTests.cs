using ClientFailover.Continuity.Faults;
using ClientFailover.Continuity.Reports;
using ClientFailover.Continuity.Runs;
using NUnit.Framework;

namespace ClientFailover.Continuity;

/// <summary>The quick part of the bench, for every change. What it counts is judged, never how fast it was.</summary>
internal sealed class QuickTests
{
    private const int Parallel = 4;

    [Test]
    public async Task QuickRuns_OfEveryKind_KeepTheirBoundsUnlessSabotaged()
    {
        Assume.That(OperatingSystem.IsWindows(), Is.False, "Processes are frozen and stopped by signals.");
        var output = new Output(Path.Combine(TestContext.CurrentContext.WorkDirectory, "continuity"));

        var kill = Matrix.Quick().Single(plan => plan.Id == "kill.hot.stream-stream.2s");
        RunPlan[] broken = [kill with { IsSabotaged = true }, kill with { IsAsleep = true }];
        var endless = new NeverEnds();
        var results = await RunQueue.RunAsync([.. broken, kill with { Fault = endless }, .. Matrix.Quick()], Parallel, output, keepsOutput: false);

        await TestContext.Out.WriteLineAsync(Table.ToMarkdown(results));
        Assert.That(
            results.Skip(broken.Length + 1).Where(result => result.Error is not null || result.BrokenBounds.Count > 0).Select(Table.ToLine), Is.Empty);
        Assert.That(results[2].Error, Does.Contain(nameof(TimeoutException)), "Who hangs in a fault is seen.");
        Assert.That(endless.Times, Is.EqualTo(1), "It is not tried again.");

        Assume.That(results.Where(result => result.Error is null && !result.IsJudged).Select(Table.ToLine), Is.Empty, "The machine was too busy for them.");
        Assert.That(results[0].BrokenBounds, Has.Some.StartsWith("lost"), "What is broken on purpose is seen.");
        Assert.That(results[1].BrokenBounds, Has.Some.StartsWith("nobody collected"), "What nobody collected is seen.");
    }

    /// <summary>As of an adapter that does not stop, or does not come back.</summary>
    private sealed class NeverEnds() : Fault("never-ends")
    {
        public int Times { get; private set; }

        public override Task InjectAsync(Scene scene)
        {
            Times++;
            throw new TimeoutException("It does not end.");
        }

        public override Bounds Expect(Terms terms, double took) => Nothing(0, "");
    }
}
