using ClientFailover.Client;
using ClientFailover.Continuity.Adapters;
using ClientFailover.Continuity.Faults;

namespace ClientFailover.Continuity.Runs;

/// <summary>Which runs there are.</summary>
internal static class Matrix
{
    private static readonly AdapterKind[][] HotPairs =
    [
        [AdapterKind.Stream, AdapterKind.Stream],
        [AdapterKind.Rest, AdapterKind.Rest],
        [AdapterKind.Stream, AdapterKind.Rest],
        [AdapterKind.Rest, AdapterKind.Stream],
        [AdapterKind.Stream, AdapterKind.Field],
        [AdapterKind.Field, AdapterKind.Stream],
    ];

    private static readonly AdapterKind[][] OtherPairs =
    [
        [AdapterKind.Stream, AdapterKind.Stream],
        [AdapterKind.Rest, AdapterKind.Rest],
        [AdapterKind.Field, AdapterKind.Stream],
    ];

    private static readonly AdapterKind[] Three = [AdapterKind.Auto, AdapterKind.Rest, AdapterKind.Field];

    private static readonly string[] LongFaults =
        ["kill", "stop", "freeze-short", "freeze-long", "source-lost-silent", "source-dip-silent", "cut-service-silent", "service-down", "service-down-kill", "override", "both-restarted"];

    // Where something is lost in warm and cold mode, it is lost in proportion to the timeout.
    private static readonly string[] LongColdFaults = ["kill", "stop", "freeze-long", "service-down", "override"];

    /// <summary>Every fault, mode and pair with a timeout of 2 s; some of them with longer ones, the longest first.</summary>
    public static IReadOnlyList<RunPlan> All()
    {
        List<RunPlan> plans = [];
        foreach (var seconds in (int[])[60, 15, 5])
        {
            foreach (var fault in LongFaults.Select(Catalogue.Named))
            {
                plans.Add(Plan(fault, FailoverMode.Hot, HotPairs[0], seconds));
                plans.Add(Plan(fault, FailoverMode.Hot, HotPairs[1], seconds));
                plans.Add(Plan(fault, FailoverMode.Hot, HotPairs[5], seconds));
            }
        }

        foreach (var fault in LongColdFaults.Select(Catalogue.Named))
        {
            foreach (var mode in (FailoverMode[])[FailoverMode.Warm, FailoverMode.Cold])
            {
                plans.Add(Plan(fault, mode, OtherPairs[0], 15));
                plans.Add(Plan(fault, mode, OtherPairs[1], 15));
            }
        }

        foreach (var fault in Catalogue.All)
        {
            plans.AddRange(HotPairs.Select(pair => Plan(fault, FailoverMode.Hot, pair, 2)));
            plans.Add(Plan(fault, FailoverMode.Hot, Three, 2));
            if (fault is not BufferSurvives)
            {
                plans.AddRange(OtherPairs.Select(pair => Plan(fault, FailoverMode.Warm, pair, 2)));
                plans.AddRange(OtherPairs.Select(pair => Plan(fault, FailoverMode.Cold, pair, 2)));
            }
        }

        return [.. plans.Where(MakesSense)];
    }

    /// <summary>A few with a timeout of 2 s, for every change.</summary>
    public static IReadOnlyList<RunPlan> Quick() =>
    [
        Plan("service-down", FailoverMode.Hot, HotPairs[3], 2),
        Plan("destination-blip", FailoverMode.Hot, HotPairs[0], 2),
        Plan("freeze-long", FailoverMode.Hot, HotPairs[1], 2),
        Plan("kill", FailoverMode.Hot, HotPairs[0], 2),
        Plan("override", FailoverMode.Hot, HotPairs[0], 2),
        Plan("kill", FailoverMode.Hot, HotPairs[5], 2),
        Plan("source-lost-silent", FailoverMode.Hot, HotPairs[0], 2),
        Plan("cut-service-refused", FailoverMode.Hot, HotPairs[2], 2),
        Plan("freeze-short", FailoverMode.Hot, HotPairs[0], 2),
        Plan("stop", FailoverMode.Hot, HotPairs[1], 2),
        Plan("kill", FailoverMode.Warm, HotPairs[0], 2),
        Plan("stop", FailoverMode.Cold, HotPairs[0], 2),
    ];

    /// <summary>Only adapters of the field: the bench itself, without the library.</summary>
    public static IReadOnlyList<RunPlan> Field() =>
        [
            .. Enum.GetValues<FailoverMode>().SelectMany(mode => Catalogue.All.Select(fault => Plan(fault, mode, [AdapterKind.Field, AdapterKind.Field], 2))).Where(MakesSense),
        ];

    private static RunPlan Plan(string fault, FailoverMode mode, AdapterKind[] pair, int seconds) => Plan(Catalogue.Named(fault), mode, pair, seconds);

    private static RunPlan Plan(Fault fault, FailoverMode mode, AdapterKind[] pair, int seconds) => new(fault, mode, pair, TimeSpan.FromSeconds(seconds));

    // An adapter of the field keeps nothing on disk, so there is nothing to survive.
    private static bool MakesSense(RunPlan plan) => plan.Fault is not BufferSurvives || !plan.Adapters.Contains(AdapterKind.Field);
}
