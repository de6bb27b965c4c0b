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
        for (var tick = first; tick <= last; tick++)
        {
            // At once on different topics, one after the other within each: a topic keeps its order.
            var time = signal.TimeOf(tick);
            await Task.WhenAll(Enumerable.Range(0, signals).Select(i =>
                PublishAsync(TopicOf(i), new SignalMessage(time, tick, signal.ValueOf(i, tick)).ToJson(), cancellation)));
        }

        await PublishAsync(ClockTopic, System.Text.Encoding.UTF8.GetBytes(signal.TimeOf(last).ToString("O", CultureInfo.InvariantCulture)), cancellation);
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string TopicOf(int index) => string.Create(CultureInfo.InvariantCulture, $"plant/S{index + 1:D4}");

    private Task<MqttClientPublishResult> PublishAsync(string topic, byte[] payload, CancellationToken cancellation) => _client.PublishAsync(
        new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(),
        cancellation);
}
