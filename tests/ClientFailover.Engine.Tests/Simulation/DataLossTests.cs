using NUnit.Framework;

namespace ClientFailover.Engine.Tests.Simulation;

/// <summary>
/// Counts what a hot group loses over faults: nothing, but for data that no running adapter collected. The engine's own
/// rules are not looked at; only what arrives at the destination counts.
/// </summary>
public sealed class DataLossTests
{
    private const int Runs = 60;

    [Test]
    public void HotGroup_OneFault_LosesNothing(
        [Values] Transports transports,
        [Values(
            Fault.None,
            Fault.KillPrimary,
            Fault.PowerLoss,
            Fault.RestartPrimary,
            Fault.RestartSecondary,
            Fault.StopPrimary,
            Fault.LongFreeze,
            Fault.FreezeSecondary,
            Fault.LongSourceLoss,
            Fault.SourceLossOfSecondary,
            Fault.CutPrimary,
            Fault.CutSecondary,
            Fault.LostMessages,
            Fault.RestartService,
            Fault.PauseService,
            Fault.OverridePrimary,
            Fault.OverrideSecondary,
            Fault.DeletePrimary)] Fault fault)
    {
        List<string> losses = [];
        var (duplicated, total, promotions) = (0, 0, 0);

        for (var seed = 0; seed < Runs; seed++)
        {
            var scenario = new Scenario(seed, transports);
            scenario.Run(fault);
            duplicated += scenario.Duplicated;
            total += scenario.Total;
            promotions += scenario.Service.Promotions;
            if (scenario.Lost is { Count: > 0 } lost)
            {
                losses.Add($"seed {seed}: {lost.Count} lost, {lost[0].Time}..{lost[^1].Time}; {scenario.Story}");
            }
        }

        TestContext.Out.WriteLine($"{total} values, {duplicated} duplicated, {promotions} promotions, {losses.Count} of {Runs} runs lost data");
        Assert.That(losses, Is.Empty);
    }

    /// <summary>Two faults within a timeout that a rule of the engine exists for; each of them lost data without it.</summary>
    [TestCase(Fault.RestartSecondary, Fault.KillPrimary)]
    [TestCase(Fault.RestartSecondary, Fault.RestartPrimary)]
    [TestCase(Fault.RestartSecondary, Fault.LongFreeze)]
    [TestCase(Fault.RestartSecondary, Fault.StopPrimary)]
    [TestCase(Fault.SourceLossOfSecondary, Fault.KillPrimary)]
    [TestCase(Fault.FreezeSecondary, Fault.OverridePrimary)]
    public void HotGroup_TwoFaults_LosesNothing(Fault first, Fault second)
    {
        foreach (var transports in Enum.GetValues<Transports>())
        {
            for (var seed = 0; seed < Runs / 2; seed++)
            {
                var scenario = new Scenario(seed, transports);
                scenario.Run(first, second);
                Assert.That(scenario.Lost, Is.Empty, $"{transports}, seed {seed}: {scenario.Story}");
            }
        }
    }

    /// <summary>The documented gap: what the Primary missed for less time than its loss takes to be seen is lost, and no more.</summary>
    [Test]
    public void HotGroup_FaultTooShortToBeSeen_LosesOnlyWhatThePrimaryMissed([Values] Transports transports, [Values(Fault.ShortFreeze, Fault.SourceDip)] Fault fault)
    {
        for (var seed = 0; seed < Runs; seed++)
        {
            var scenario = new Scenario(seed, transports);
            scenario.Run(fault);
            var outside = scenario.Lost.FindAll(v => v.Time < scenario.FaultBegan || v.Time > scenario.FaultBegan + scenario.Timeout);
            Assert.That(outside, Is.Empty, $"seed {seed}: {scenario.Story}");
        }
    }
}
