using ClientFailover.Client;
using ClientFailover.Continuity.Adapters;
using ClientFailover.Continuity.Faults;
using ClientFailover.Continuity.Runs;
using NUnit.Framework;

namespace ClientFailover.Continuity;

/// <summary>The bounds by the documented rules alone, for a failover timeout of 2 s: tolerance 0.25 s, grace 1 s, start 0.5 s.</summary>
[TestFixture]
internal sealed class BoundsTests
{
    private const double Tolerance = 0.25;
    private const double Grace = 1;
    private const double Start = 0.5;
    private const double Took = 6;

    private static IEnumerable<TestCaseData> Losses =>
    [
        Of("kill", "warm", "stream-stream", Grace),
        Of("kill", "warm", "stream-rest", Grace + 1),
        Of("kill", "warm", "rest-rest", 2 + Tolerance + 1),
        Of("kill", "warm", "field-stream", 2 + Tolerance),
        Of("kill", "cold", "stream-stream", Grace + Start),
        Of("kill", "cold", "rest-rest", 2 + Tolerance + 1 + Start),
        Of("both-killed", "cold", "rest-rest", 2 * (2 + Tolerance + 1 + Start)),
        Of("stop", "warm", "stream-stream", 0),
        Of("stop", "cold", "rest-rest", 1 + Start),
        Of("freeze-long", "warm", "stream-stream", 2),
        Of("freeze-long", "cold", "rest-rest", 2 + Tolerance + 1 + Start),
        Of("service-down-kill", "warm", "stream-stream", Took + Tolerance + 0.5),
        Of("service-down-kill", "cold", "rest-rest", Took + Tolerance + 1 + 1 + Start),
        Of("kill", "hot", "stream-stream", 0),
        Of("freeze-short", "hot", "stream-stream", 0),
        Of("freeze-short", "hot", "rest-rest", Took + Terms.SourceRetry),
    ];

    private static IEnumerable<TestCaseData> Repetitions =>
    [
        Of("kill", "hot", "stream-stream", 1 + (2 / 3.0)),
        Of("kill", "hot", "rest-rest", 1 + 1),
        Of("both-killed", "hot", "stream-stream", 2 * (1 + (2 / 3.0))),
        Of("both-restarted", "hot", "field-stream", 2 * (1 + 1 + 1)),
        Of("override", "hot", "stream-stream", 0),
        Of("override", "warm", "rest-rest", 1),
        Of("kill", "warm", "rest-rest", 0),
    ];

    [TestCaseSource(nameof(Losses))]
    public void Expect_WithoutSlack_LossIsWhatTheRulesTake(string fault, string mode, string adapters, double loss) =>
        Assert.That(Expect(fault, mode, adapters, slack: 0).Loss, Is.EqualTo(loss).Within(1e-9));

    [TestCaseSource(nameof(Repetitions))]
    public void Expect_WithoutSlack_RepetitionIsWhatTheRulesTake(string fault, string mode, string adapters, double repetition) =>
        Assert.That(Expect(fault, mode, adapters, slack: 0).Duplicates, Is.EqualTo(repetition).Within(1e-9));

    [Test]
    public void Expect_Hot_NothingMayBeCollectedByNobodyUnlessBothAreDead()
    {
        foreach (var fault in Catalogue.All)
        {
            Assert.That(Expect(fault.Name, "hot", "stream-stream", slack: 3).Uncollected > 0, Is.EqualTo(fault is BufferSurvives), fault.Name);
        }
    }

    [Test]
    public void Expect_SecondaryDeadForASecond_OnlyThatMayBeCollectedByNobody()
    {
        // The waits of the fault: a timeout and 3 s before, 1.2 timeouts and 1.5 s after.
        const double took = 5 + 1 + 3.9;

        var bounds = Catalogue.Named("buffer-survives").Expect(new Terms(Plan("buffer-survives", "hot", "stream-stream"), slack: 0), took);

        Assert.That(bounds.Uncollected, Is.EqualTo(1 + 1 + Start).Within(1e-9), "dead, the second before, start");
    }

    [TestCase(0.6, 0)]
    [TestCase(0.8, 0.8 + 1 + 1)]
    public void UntoldFor_SourcesSilent_WhatAdaptersCannotCollect(double heldUp, double seconds) =>
        Assert.That(Terms.UntoldFor(heldUp), Is.EqualTo(seconds).Within(1e-9));

    private static TestCaseData Of(string fault, string mode, string adapters, double seconds) => new(fault, mode, adapters, seconds);

    private static Bounds Expect(string fault, string mode, string adapters, double slack) =>
        Catalogue.Named(fault).Expect(new Terms(Plan(fault, mode, adapters), slack), Took);

    private static RunPlan Plan(string fault, string mode, string adapters) => new(
        Catalogue.Named(fault),
        Enum.Parse<FailoverMode>(mode, ignoreCase: true),
        [.. adapters.Split('-').Select(kind => Enum.Parse<AdapterKind>(kind, ignoreCase: true))],
        TimeSpan.FromSeconds(2));
}
