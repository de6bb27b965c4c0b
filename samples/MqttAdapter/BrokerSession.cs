using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace ClientFailover.Samples.Mqtt;

/// <summary>
/// Responsible for the session with the broker: what it delivers waits here, unacknowledged, until it is read; when the connection
/// is lost, reading ends with an error.
/// </summary>
internal sealed class BrokerSession : IDisposable
{
    /// <summary>Messages that the broker delivers before the first of them is acknowledged.</summary>
    private const ushort MostWaiting = 1000;

    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly Channel<MqttApplicationMessageReceivedEventArgs> _received = Channel.CreateUnbounded<MqttApplicationMessageReceivedEventArgs>();

    private BrokerSession()
    {
        _client.ApplicationMessageReceivedAsync += message =>
        {
            message.AutoAcknowledge = false;
            _received.Writer.TryWrite(message);
            return Task.CompletedTask;
        };
        _client.DisconnectedAsync += why =>
        {
            _received.Writer.TryComplete(new IOException($"The broker is lost: {why.ReasonString ?? why.Exception?.Message ?? why.Reason.ToString()}"));
            return Task.CompletedTask;
        };
    }

    /// <summary>Whether the broker still had the session of an earlier connection, and so delivers what came meanwhile.</summary>
    public bool Continues { get; private set; }

    public static async Task<BrokerSession> OpenAsync(MqttOptions options, CancellationToken cancellation)
    {
        var builder = new MqttClientOptionsBuilder()
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithTcpServer(options.Host, options.Port)
            .WithClientId(options.ClientId)
            .WithCleanStart(false)
            .WithSessionExpiryInterval((uint)options.SessionExpiry.TotalSeconds)
            .WithKeepAlivePeriod(options.KeepAlive)
            .WithTimeout(options.Timeout)
            .WithReceiveMaximum(MostWaiting);
        if (options.UserName is not null)
        {
            builder.WithCredentials(options.UserName, options.Password);
        }

        var session = new BrokerSession();
        try
        {
            var result = await session._client.ConnectAsync(builder.Build(), cancellation);
            session.Continues = result.ResultCode == MqttClientConnectResultCode.Success
                ? result.IsSessionPresent
                : throw new IOException($"The broker refuses the connection: {result.ResultCode} {result.ReasonString}");
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <returns>Of each topic, whether the broker delivers it.</returns>
    public async Task<IReadOnlyDictionary<string, bool>> SubscribeAsync(IEnumerable<string> topics, CancellationToken cancellation)
    {
        var request = new MqttClientSubscribeOptions();
        request.TopicFilters.AddRange(topics.Select(topic => new MqttTopicFilterBuilder().WithTopic(topic).WithAtLeastOnceQoS().Build()));
        var result = await _client.SubscribeAsync(request, cancellation);
        return result.Items.ToDictionary(item => item.TopicFilter.Topic, item => item.ResultCode <= MqttClientSubscribeResultCode.GrantedQoS2);
    }

    /// <summary>From now on the broker keeps nothing for this adapter.</summary>
    public Task UnsubscribeAsync(IEnumerable<string> topics, CancellationToken cancellation)
    {
        var request = new MqttClientUnsubscribeOptions();
        request.TopicFilters.AddRange(topics);
        return _client.UnsubscribeAsync(request, cancellation);
    }

    /// <returns>Whether the broker took it, and knows somebody who is to have it.</returns>
    public async Task<bool> PublishAsync(string topic, string payload, CancellationToken cancellation)
    {
        var result = await _client.PublishAsync(
            new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), cancellation);
        return result.ReasonCode == MqttClientPublishReasonCode.Success;
    }

    /// <summary>What comes, each message to be acknowledged by its reader.</summary>
    public IAsyncEnumerable<MqttApplicationMessageReceivedEventArgs> ReadAsync(CancellationToken cancellation) =>
        _received.Reader.ReadAllAsync(cancellation);

    public Task CloseAsync(CancellationToken cancellation) =>
        _client.IsConnected ? _client.DisconnectAsync(new MqttClientDisconnectOptions(), cancellation) : Task.CompletedTask;

    public void Dispose() => _client.Dispose();
}
