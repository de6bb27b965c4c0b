using ClientFailover.Client;
using ClientFailover.Samples.Mqtt;
using ClientFailover.Samples.Omf;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// Settings: appsettings.json beside the program, environment, command line (--Failover:FailoverGroupId ...).
var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
var settings = builder.Configuration;
builder.Services.AddSingleton(settings.GetSection("Mqtt").Get<MqttOptions>() ?? new MqttOptions());
builder.Services.AddFailoverAdapter(settings.GetSection("Failover"))
    .AddComponent<MqttComponent>()
    .UseOmf(settings.GetSection("Omf"));
await builder.Build().RunAsync();
