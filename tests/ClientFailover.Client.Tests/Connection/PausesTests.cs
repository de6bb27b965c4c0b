using ClientFailover.Client.Connection;
using NUnit.Framework;

namespace ClientFailover.Client.Tests.Connection;

/// <summary>How long is waited between attempts.</summary>
[TestFixture]
public sealed class PausesTests
{
    private static readonly LinkException Unreachable = new(LinkFailure.Unreachable, "");

    [Test]
    public void AfterRound_Again_GrowsToFiveSeconds()
    {
        var pauses = new Pauses(() => 1);

        var taken = Enumerable.Range(0, 9).Select(_ => pauses.AfterRound(Unreachable, TimeSpan.FromMinutes(1)).TotalSeconds);

        Assert.That(taken, Is.EqualTo(new[] { 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5, 5, 5 }));
    }

    [Test]
    public void AfterRound_ShortTimeout_AtMostASixthOfIt()
    {
        var pauses = new Pauses(() => 1);

        Assert.That(Enumerable.Range(0, 50).Max(_ => pauses.AfterRound(Unreachable, TimeSpan.FromSeconds(3))), Is.EqualTo(TimeSpan.FromSeconds(0.5)));
    }

    [Test]
    public void AfterRound_Jitter_IsAtMostHalf()
    {
        Assert.That(new Pauses(() => 0).AfterRound(Unreachable, TimeSpan.FromMinutes(1)).TotalMilliseconds, Is.EqualTo(50));
    }

    [Test]
    public void AfterRound_Refused_IsMorePatient()
    {
        var pauses = new Pauses(() => 1);
        var refused = new LinkException(LinkFailure.Denied, "");

        Assert.That(Enumerable.Range(0, 50).Max(_ => pauses.AfterRound(refused, TimeSpan.FromMinutes(1))), Is.EqualTo(TimeSpan.FromSeconds(15)));
    }

    [TestCase(0, 0)]
    [TestCase(0.5, 50)]
    [TestCase(1, 100)]
    public void AfterLoss_StreamThatWorked_SoonButNotAllTogether(double random, double milliseconds)
    {
        var end = new SessionEnd(ConnectionState.Stream) { Worked = true };

        Assert.That(new Pauses(() => random).AfterLoss(end, Unreachable, TimeSpan.FromMinutes(1)).TotalMilliseconds, Is.EqualTo(milliseconds));
    }

    [Test]
    public void AfterLoss_StreamThatBreaksAgainAndAgain_GrowsUntilOneHolds()
    {
        var pauses = new Pauses(() => 1);
        var end = new SessionEnd(ConnectionState.Stream) { Worked = true };

        var taken = Enumerable.Range(0, 6).Select(_ => pauses.AfterLoss(end, Unreachable, TimeSpan.FromMinutes(1)).TotalSeconds).ToList();
        pauses.Worked();
        taken.Add(pauses.AfterLoss(end, Unreachable, TimeSpan.FromMinutes(1)).TotalSeconds);

        Assert.That(taken, Is.EqualTo(new[] { 0.1, 0.1, 0.2, 0.4, 0.8, 1.6, 0.1 }));
    }

    [Test]
    public void AfterLoss_Rest_SoonAndAtMostAnEighth()
    {
        var pauses = new Pauses(() => 1);
        var end = new SessionEnd(ConnectionState.Rest);

        var taken = Enumerable.Range(0, 20).Select(_ => pauses.AfterLoss(end, Unreachable, TimeSpan.FromSeconds(4)).TotalSeconds).ToList();

        Assert.That(taken[0], Is.EqualTo(0.1));
        Assert.That(taken[^1], Is.EqualTo(0.5));
    }

    [Test]
    public void AfterLoss_Replaced_MinutesThenLonger()
    {
        var pauses = new Pauses(() => 0);
        var replaced = new LinkException(LinkFailure.Replaced, "");
        var end = new SessionEnd(ConnectionState.Stream) { Worked = true };

        var taken = Enumerable.Range(0, 7).Select(_ => pauses.AfterLoss(end, replaced, TimeSpan.FromMinutes(1)).TotalMinutes);

        Assert.That(taken, Is.EqualTo(new double[] { 1, 2, 4, 8, 16, 30, 30 }));
    }
}
