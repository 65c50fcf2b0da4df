using Microsoft.Extensions.Configuration;

namespace Orleans.TestingHost;

public interface IClientBuilderConfigurator
{
    void Configure(IConfiguration configuration, IClientBuilder clientBuilder);
}
