using System.Globalization;
using System.Text;
using ClientFailover.Client;

namespace ClientFailover.Continuity.Adapters;

/// <summary>Responsible for the egress of an adapter on the client library.</summary>
internal sealed class OmfEgress(AdapterSettings settings) : IEgress, IDisposable
{
    private readonly OmfSender _sender = new(settings);

    // Broken on purpose: what was buffered is taken for sent.
    public Task SendAsync(IReadOnlyList<DataItem> items, EgressContext context, CancellationToken cancellation) =>
        settings.IsSabotaged && context.IsReplay
            ? Task.CompletedTask
            : _sender.SendAsync(
                [.. items.Select(item => new OmfValue(item.Stream, item.SourceTime, long.Parse(Encoding.UTF8.GetString(item.Payload.Span), CultureInfo.InvariantCulture)))],
                cancellation);

    public void Dispose() => _sender.Dispose();
}
