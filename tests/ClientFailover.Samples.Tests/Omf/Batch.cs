using ClientFailover.Client;
using ClientFailover.Samples.Omf;

namespace ClientFailover.Samples.Tests.Omf;

/// <summary>Values as an adapter hands them to an egress.</summary>
internal static class Batch
{
    public static readonly EgressContext Context = new(Term: 1, IsReplay: false);

    public static List<DataItem> Of(string stream, params IEnumerable<int> sequences) => [.. sequences.Select(n => Item(stream, n))];

    public static DataItem Item(string stream, int sequence) =>
        new(stream, OmfSender.TimeOf(sequence), OmfSender.TimeOf(sequence), new Measurement(sequence / 2.0, sequence).ToPayload());
}
