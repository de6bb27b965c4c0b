using ClientFailover.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ClientFailover.Benchmarks.Echo;

/// <summary>
/// The limit that the service is measured against: answers the messages of the adapter stream with messages of the
/// same shape, and knows nothing.
/// </summary>
internal sealed class EchoAdapterService : AdapterService.AdapterServiceBase
{
    /// <inheritdoc/>
    public override async Task Connect(
        IAsyncStreamReader<AdapterMessage> requestStream,
        IServerStreamWriter<ServiceMessage> responseStream,
        ServerCallContext context)
    {
        await foreach (var message in requestStream.ReadAllAsync())
        {
            await responseStream.WriteAsync(Answer(message));
        }
    }

    private static ServiceMessage Answer(AdapterMessage message) => message.MessageCase switch
    {
        AdapterMessage.MessageOneofCase.Heartbeat => new ServiceMessage
        {
            HeartbeatReply = new StreamHeartbeatReply
            {
                Sequence = message.Heartbeat.Sequence,
                Role = Role.Primary,
                Term = 1,
                LastDataProcessedTime = message.Heartbeat.LastDataProcessedTime,
            },
        },
        _ => new ServiceMessage
        {
            Welcome = new Welcome
            {
                Group = message.Hello.Group,
                HeartbeatInterval = Duration.FromTimeSpan(message.Hello.Group.FailoverTimeout.ToTimeSpan() / 3),
            },
        },
    };
}
