using System.Globalization;
using ClientFailover.Samples.Mqtt;
using MQTTnet;
using MQTTnet.Protocol;

namespace ClientFailover.Samples.Source;

/// <summary>Responsible for publishing each value on the topic of its signal, and after the values of a tick the source's time.</summary>
internal sealed class MqttOutlet(string host, int port, int signals, Signal signal) : IOutlet
{
    private const string ClockTopic = "plant/clock";
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();

    public string Name => "Mqtt";

    public Task ConnectAsync(CancellationToken cancellation) => _client.ConnectAsync(
        new MqttClientOptionsBuilder().WithTcpServer(host, port).WithClientId("plant").WithTimeout(TimeSpan.FromSeconds(5)).Build(), cancellation);

    public async Task SendAsync(uint first, uint last, CancellationToken cancellation)
    {
        // Not one after the other, as each is confirmed by the broker; they go out in the order of these calls.
        var publishing = new List<Task>();
        for (var tick = first; tick <= last; tick++)
        {
            for (var i = 0; i < signals; i++)
            {
                var message = new SignalMessage(signal.TimeOf(tick), tick, signal.ValueOf(i, tick));
                publishing.Add(PublishAsync(TopicOf(i), message.ToJson(), cancellation));
            }
        }

        await Task.WhenAll(publishing);
        await PublishAsync(ClockTopic, System.Text.Encoding.UTF8.GetBytes(signal.TimeOf(last).ToString("O", CultureInfo.InvariantCulture)), cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_client.IsConnected)
        {
            await _client.DisconnectAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _client.Dispose();
    }

    private static string TopicOf(int index) => string.Create(CultureInfo.InvariantCulture, $"plant/S{index + 1:D4}");

    private Task<MqttClientPublishResult> PublishAsync(string topic, byte[] payload, CancellationToken cancellation) => _client.PublishAsync(
        new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(),
        cancellation);
}
