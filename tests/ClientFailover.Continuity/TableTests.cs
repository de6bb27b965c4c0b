using ClientFailover.Continuity.Reports;
using ClientFailover.Continuity.Runs;
using NUnit.Framework;

namespace ClientFailover.Continuity;

/// <summary>What people read of a run.</summary>
[TestFixture]
internal sealed class TableTests
{
    private static readonly RunResult Good = new()
    {
        Id = "kill.warm.stream-stream.2s",
        Fault = "kill",
        Mode = "Warm",
        Adapters = "stream-stream",
        FailoverTimeout = 2,
        HeldUpSeconds = 0.5,
        Bounds = new Bounds(1, "grace", 0, ""),
        Slack = new Slack(2.5, 0, 2.5),
    };

    [Test]
    public void ToLine_BoundAndSlack_ToldApart()
    {
        Assert.That(Good.IsGood, Is.True);
        Assert.That(Table.ToLine(Good), Does.Contain("| 1: grace; slack 2.5 |").And.Contain("| 0; slack 2.5 |"));
        Assert.That(Table.ToJson([Good]), Does.Contain("\"Loss\": 1,").And.Contain("\"Loss\": 2.5,"));
    }

    [Test]
    public void ToLine_EveryResult_HasACellForEachHeading()
    {
        var headings = Table.ToMarkdown([]).Split('\n')[0].Count(c => c == '|');

        Assert.That(Table.ToLine(Good).Count(c => c == '|'), Is.EqualTo(headings));
        Assert.That(Table.ToLine(Good with { Error = "It broke." }).Count(c => c == '|'), Is.EqualTo(headings));
    }

    [Test]
    public void ToLine_HeldUpForMoreThanAQuarterOfTheTimeout_NotJudged()
    {
        var result = Good with { HeldUpSeconds = 0.6 };

        Assert.That((result.IsJudged, result.IsGood), Is.EqualTo((false, false)));
        Assert.That(Table.ToLine(result), Does.Contain("not judged: machine held up 0.6 s"));
        Assert.That(Table.ToMarkdown([result, Good]), Does.Contain("2 runs, 0 break a bound, 1 not judged"));
    }

    [Test]
    public void ToMarkdown_BegunAgain_Counted() => Assert.That(
        Table.ToMarkdown([Good with { Retries = 1 }, Good]),
        Does.Contain("begun again before its fault").And.Contain("begun again before their fault: 1."));
}
